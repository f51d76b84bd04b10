/** How far a signed time may lie from ours, either way. */
export const toleranceSeconds = 300;

const digits = /^\d{1,12}$/;

/** By how much whole Unix seconds are ahead of `receivedAt` (milliseconds), or behind it (negative). */
export const skewOf = (seconds: string, receivedAt: number): number =>
  Number(seconds) - Math.floor(receivedAt / 1_000);

export const isFresh = (skewSeconds: number): boolean => Math.abs(skewSeconds) <= toleranceSeconds;

/** Strict where `parseInt` is not: `1700000000abc` is no timestamp. */
export const isTimestamp = (text: string): boolean => digits.test(text);
