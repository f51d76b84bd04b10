import { isTriplineError } from '../domain/errors.ts';
import { isFact, type Recorded } from '../domain/events.ts';
import { covers } from '../domain/expiry/decider.ts';
import { payloadExpiryStream } from '../domain/ids.ts';
import type { Position } from '../domain/position.ts';
import type { EventStore } from '../store/event-store.ts';

type Expired = Recorded<'PayloadsExpired'>;
type Reads = Pick<EventStore, 'readStream'>;

const pageSize = 100;

const expiriesFrom = async (
  store: Reads,
  from: number,
  maxCount: number,
): Promise<readonly Expired[]> => {
  try {
    const page = await store.readStream(payloadExpiryStream, { from, maxCount });
    return page.filter((event) => isFact(event, 'PayloadsExpired'));
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
    return [];
  }
};

/** The revision of the stretch that a place lies in: stretches follow one another. */
const stretchOf = async (store: Reads, place: Position): Promise<number> => {
  const isBefore = async (revision: number): Promise<boolean> => {
    const [expired] = await expiriesFrom(store, revision, 1);
    return expired !== undefined && expired.data.upTo < place;
  };
  let low = 0;
  let high = 1;
  while (await isBefore(high)) {
    low = high;
    high *= 2;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * By which fact the bytes at a place went because of their age; undefined where there is none. What
 * was kept back when its stretch was due went by a later one.
 */
export const expiryOf = async (store: Reads, place: Position): Promise<Expired | undefined> => {
  for (let from = await stretchOf(store, place); ; from += pageSize) {
    const page = await expiriesFrom(store, from, pageSize);
    const found = page.find(({ data }) => covers(data, place));
    if (found !== undefined || page.length < pageSize) return found;
  }
};
