import { isTriplineError } from '../domain/errors.ts';
import type { Appended, EventStore, NewEvent } from '../store/event-store.ts';

/**
 * Where the outcome stays unknown, the same ids at the same revision are tried once more: they are
 * stored once, whether or not the first try got through.
 */
export const appendOnce = async (
  store: Pick<EventStore, 'append'>,
  stream: string,
  revision: number | 'no_stream',
  events: readonly NewEvent[],
): Promise<Appended> => {
  try {
    return await store.append(stream, revision, events);
  } catch (error) {
    if (!isTriplineError(error, 'outcome-unknown')) throw error;
    return await store.append(stream, revision, events);
  }
};
