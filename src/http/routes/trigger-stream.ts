import { isTriplineError } from '../../domain/errors.ts';
import { triggerStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { upcast } from '../../store/upcasters.ts';
import { type ById, notFound, type RouteDeps } from './route.ts';

const pageSize = 1_000;

/** Everything recorded of a trigger, oldest first, also after its end. */
export const historyOf = async (
  { store }: Pick<RouteDeps, 'store'>,
  { slug, id }: ById,
): Promise<readonly StoredEvent[]> => {
  const history: StoredEvent[] = [];
  try {
    for (let more = true; more; ) {
      const options = { from: history.length, maxCount: pageSize };
      const page = await store.readStream(triggerStream(id), options);
      history.push(...page.map(upcast));
      more = page.length === pageSize;
    }
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
  }
  if (history[0]?.metadata.workspace !== slug) throw notFound('trigger');
  return history;
};
