/** How far a signed time may lie from ours, either way. */
export const toleranceSeconds = 300;

const digits = /^\d{1,12}$/;

/** True for whole Unix seconds close enough to `receivedAt` (milliseconds). */
export const isFresh = (seconds: string, receivedAt: number): boolean =>
  Math.abs(Math.floor(receivedAt / 1_000) - Number(seconds)) <= toleranceSeconds;

/** Strict where `parseInt` is not: `1700000000abc` is no timestamp. */
export const isTimestamp = (text: string): boolean => digits.test(text);
