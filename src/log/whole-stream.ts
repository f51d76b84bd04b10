import { isTriplineError } from '../domain/errors.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';

const pageSize = 1_000;

/** Everything recorded of one entity, oldest first; nothing where there is no such stream. */
export const readWhole = async (
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<readonly StoredEvent[]> => {
  const history: StoredEvent[] = [];
  try {
    for (let more = true; more; ) {
      const from = (history.at(-1)?.revision ?? -1) + 1;
      const page = await store.readStream(stream, { from, maxCount: pageSize });
      history.push(...page);
      more = page.length >= pageSize;
    }
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
  }
  return history;
};
