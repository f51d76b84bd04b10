import { z } from 'zod';

export const toleranceSeconds = z
  .int('must be a whole number of seconds from 1 to 86400')
  .min(1, 'must be a whole number of seconds from 1 to 86400')
  .max(86_400, 'must be a whole number of seconds from 1 to 86400');

/** How far a signed time may lie from ours, either way; any time will do where nothing is said. */
export interface Tolerance {
  readonly toleranceSeconds?: number | undefined;
}

/** Of schemes whose senders ask for the time to be looked at. */
export const tolerating = (seconds: number) =>
  z.strictObject({ toleranceSeconds: toleranceSeconds.default(seconds) });

/**
 * Of schemes whose senders do not: one may send a delivery again much later as it was signed first.
 * What was captured is no danger all the same, since its time is a part of the delivery's id.
 */
export const OptionalTolerance = z.strictObject({ toleranceSeconds: toleranceSeconds.optional() });

/** What senders agree on mostly. */
export const usualTolerance = 300;

/**
 * Ten digits, as whole Unix seconds have from 2001 to 2286. Strict where `parseInt` is not, and all of
 * one length: where nothing stands between them and the body, neither can lend the other a digit.
 */
const unixSeconds = /^[1-9]\d{9}$/;
const unixMilliseconds = /^[1-9]\d{12}$/;
/** RFC 3339 in UTC. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

export type TimestampForm = 'seconds' | 'milliseconds' | 'instant';

const readers: Readonly<Record<TimestampForm, (text: string) => number>> = {
  seconds: (text) => (unixSeconds.test(text) ? Number(text) : Number.NaN),
  milliseconds: (text) => (unixMilliseconds.test(text) ? Math.floor(Number(text) / 1_000) : NaN),
  instant: (text) => (instant.test(text) ? Math.floor(Date.parse(text) / 1_000) : NaN),
};

/** Whole Unix seconds; undefined for what is no such timestamp. */
export const secondsIn = (text: string, form: TimestampForm): number | undefined => {
  const seconds = readers[form](text);
  return Number.isNaN(seconds) ? undefined : seconds;
};

/** By how much seconds are ahead of `receivedAt` (milliseconds), or behind it (negative), if that is too much. */
export const staleBy = (
  seconds: number,
  receivedAt: number,
  { toleranceSeconds = Number.POSITIVE_INFINITY }: Tolerance,
): number | undefined => {
  const skew = seconds - Math.floor(receivedAt / 1_000);
  return Math.abs(skew) > toleranceSeconds ? skew : undefined;
};
