import type { ReadAllOptions, ReadStreamOptions } from './event-store.ts';
import { ordinalOf } from './log-ordinal.ts';

/** Which revisions or ordinals a read may show, both ends inclusive, and from which end. */
export interface PageBounds {
  readonly low: number;
  readonly high: number;
  readonly descending: boolean;
  readonly limit: number;
}

const defaultLimit = 1_000;

/** `first` and `last` are the revisions that the stream shows. */
export const streamPage = (
  { from, direction, maxCount = defaultLimit }: ReadStreamOptions,
  first: number,
  last: number,
): PageBounds => {
  if (direction === 'backwards') {
    const start = from === undefined || from === 'end' ? last : from === 'start' ? 0 : from;
    return { low: first, high: Math.min(start, last), descending: true, limit: maxCount };
  }
  const start = from === undefined || from === 'start' ? 0 : from === 'end' ? last + 1 : from;
  return { low: Math.max(start, first), high: last, descending: false, limit: maxCount };
};

/** Ordinals count from 1 to `head`. Forwards the start is part of the page, backwards it is not. */
export const logPage = (
  { from, direction, maxCount = defaultLimit }: ReadAllOptions,
  head: number,
): PageBounds => {
  const start =
    from === undefined
      ? undefined
      : from === 'start'
        ? 0
        : from === 'end'
          ? head + 1
          : ordinalOf(from);
  if (direction === 'backwards') {
    return { low: 1, high: (start ?? head + 1) - 1, descending: true, limit: maxCount };
  }
  return { low: Math.max(start ?? 1, 1), high: head, descending: false, limit: maxCount };
};
