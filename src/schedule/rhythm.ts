/** Wall times of a schedule that were no ticks because the clocks were changed. */
export interface Lost {
  readonly reason: 'DST-gap' | 'DST-repeat';
  /** DST-gap: when the clocks were changed. DST-repeat: the first repetition that is left out. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** When a schedule ticks, without regard to its start, its end or what has been fired. */
export interface Rhythm {
  /** The first tick after `after`, null where there is none. */
  next(after: number): number | null;
  /** How many ticks there are after `after` and up to `upTo`. */
  count(after: number, upTo: number): number;
  /** True where the wall time of this tick does not exist and the tick stands in for it. */
  isMoved(tick: number): boolean;
  /** What a change of clocks after `after` and up to `upTo` swallowed. */
  lost(after: number, upTo: number): readonly Lost[];
}

const steady = { isMoved: () => false, lost: () => [] };

/** Ticks at `base + k * step` for k from `firstStep` on: real time, whatever the clocks show. */
export const intervalRhythm = (base: number, step: number, firstStep: 0 | 1): Rhythm => {
  const stepsUpTo = (instant: number): number =>
    Math.max(Math.floor((instant - base) / step), firstStep - 1);
  return {
    ...steady,
    next: (after) => base + (stepsUpTo(after) + 1) * step,
    count: (after, upTo) => Math.max(stepsUpTo(upTo) - stepsUpTo(after), 0),
  };
};

export const onceRhythm = (at: number): Rhythm => ({
  ...steady,
  next: (after) => (after < at ? at : null),
  count: (after, upTo) => (after < at && at <= upTo ? 1 : 0),
});
