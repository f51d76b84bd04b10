import { isTriplineError } from '../domain/errors.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';

/** The first fact of a stream; undefined where there is no such stream. */
export const beginningOf = async (
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<StoredEvent | undefined> => {
  try {
    const [first] = await store.readStream(stream, { maxCount: 1 });
    return first;
  } catch (error) {
    if (isTriplineError(error, 'stream-not-found')) return undefined;
    throw error;
  }
};
