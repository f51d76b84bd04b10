import { isTriplineError } from '../domain/errors.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';

/** The last fact of a stream, by the log itself; undefined where there is no such stream. */
export const lastOf = async (
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<StoredEvent | undefined> => {
  try {
    const [last] = await store.readStream(stream, { direction: 'backwards', maxCount: 1 });
    return last;
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
    return undefined;
  }
};
