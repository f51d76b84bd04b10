/** How often a value was at most each bound, all that it was in sum, and how often there was one. */
export interface HistogramState {
  /** Cumulative, one per bound. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export interface Histogram {
  observe(value: number): void;
  state(): HistogramState;
}

/** Seconds: from one turn of the event loop to the longest deadline of a call. */
export const secondsBounds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900,
] as const;

export const createHistogram = (bounds: readonly number[] = secondsBounds): Histogram => {
  const own = bounds.map(() => 0);
  let sum = 0;
  let count = 0;
  return {
    observe: (value) => {
      const at = bounds.findIndex((bound) => value <= bound);
      if (at >= 0) own[at] = (own[at] ?? 0) + 1;
      sum += value;
      count += 1;
    },
    state: () => {
      let below = 0;
      const counts = own.map((each) => {
        below += each;
        return below;
      });
      return { counts, sum, count };
    },
  };
};
