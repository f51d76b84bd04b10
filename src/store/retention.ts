import type { StreamMetadata } from './event-store.ts';

export interface Retention extends StreamMetadata {
  /** Events below were cut off when the stream was deleted. */
  readonly truncateBefore: number;
}

/** The first revision that a read of the stream may still show, as far as counting tells. */
export const firstVisible = ({ truncateBefore, maxCount }: Retention, last: number): number =>
  maxCount === undefined ? truncateBefore : Math.max(truncateBefore, last + 1 - maxCount);

/** The instant at or before which events are too old to be shown. */
export const expiredUntil = ({ maxAge }: Retention, now: number): number =>
  maxAge === undefined ? Number.NEGATIVE_INFINITY : now - maxAge * 1000;
