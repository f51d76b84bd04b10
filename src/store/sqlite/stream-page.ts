import type { ReadStreamOptions } from '../event-store.ts';
import { streamPage } from '../page-bounds.ts';
import { expiredUntil, firstVisible } from '../retention.ts';
import { streamDeleted, streamNotFound } from '../stream-errors.ts';
import { type StreamSettings, stateOf } from './stream-settings.ts';

/** The first index whose event is young enough; events of a stream are in order of time. */
const firstFresh = (
  positions: readonly number[],
  expired: number,
  recordedAt: (position: number) => number,
): number => {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (recordedAt(positions[middle] ?? 0) <= expired) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Where the events are that a read of a stream shows, in the order asked for. */
export const pageOfStream = (
  stream: string,
  positions: readonly number[],
  settings: StreamSettings,
  options: ReadStreamOptions,
  recordedAt: (position: number) => number,
): number[] => {
  const last = positions.length - 1;
  const { status } = stateOf(settings, last);
  if (status === 'tombstoned') throw streamDeleted(stream);
  if (status !== 'live') throw streamNotFound(stream);
  const retention = { ...settings.metadata, truncateBefore: settings.truncateBefore };
  const expired = expiredUntil(retention, Date.now());
  const fresh = retention.maxAge === undefined ? 0 : firstFresh(positions, expired, recordedAt);
  const first = Math.max(firstVisible(retention, last), fresh);
  const { low, high, descending, limit } = streamPage(options, first, last);
  const visible = positions.slice(low, high + 1);
  return (descending ? visible.reverse() : visible).slice(0, limit);
};
