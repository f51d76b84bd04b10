/** Stands for "no allowed value from here on" in `AllowedValues.next`. */
export const none = 255;

/** Which values one field of a cron expression allows, prepared for questions in constant time. */
export interface AllowedValues {
  readonly first: number;
  readonly size: number;
  /** `next[v]`: the smallest allowed value from `v` on, or `none`; defined up to one past the end. */
  readonly next: Uint8Array;
  /** `below[v]`: how many allowed values are smaller than `v`. */
  readonly below: Uint8Array;
}

/** `flags[v]` says whether `v` is allowed. */
export const allowedValues = (flags: readonly number[]): AllowedValues => {
  const next = new Uint8Array(flags.length + 1).fill(none);
  const below = new Uint8Array(flags.length + 1);
  for (let value = flags.length - 1; value >= 0; value -= 1) {
    next[value] = flags[value] ? value : (next[value + 1] ?? none);
  }
  flags.forEach((flag, value) => {
    below[value + 1] = (below[value] ?? 0) + (flag ? 1 : 0);
  });
  return { first: next[0] ?? none, size: below[flags.length] ?? 0, next, below };
};

export const nextAllowed = (values: AllowedValues, from: number): number =>
  values.next[from] ?? none;

export const allowedBelow = (values: AllowedValues, value: number): number =>
  values.below[value] ?? values.size;

export const isAllowed = (values: AllowedValues, value: number): boolean =>
  values.next[value] === value;
