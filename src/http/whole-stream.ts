import { isTriplineError } from '../domain/errors.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';
import { upcast } from '../store/upcasters.ts';

const pageSize = 1_000;

/** Everything recorded of one entity, oldest first; nothing where there is no such stream. */
export const readWhole = async (
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<readonly StoredEvent[]> => {
  const history: StoredEvent[] = [];
  try {
    for (let more = true; more; ) {
      const page = await store.readStream(stream, { from: history.length, maxCount: pageSize });
      history.push(...page.map(upcast));
      more = page.length === pageSize;
    }
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
  }
  return history;
};
