/** How often something was seen to happen: what never did was not tried. */
export interface Counters {
  count(name: string, times?: number): void;
  readonly all: ReadonlyMap<string, number>;
}

export const createCounters = (): Counters => {
  const all = new Map<string, number>();
  return {
    count(name, times = 1) {
      all.set(name, (all.get(name) ?? 0) + times);
    },
    all,
  };
};
