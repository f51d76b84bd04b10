import { triggerStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { readWhole } from '../whole-stream.ts';
import { type ById, notFound, type RouteDeps } from './route.ts';

/** Everything recorded of a trigger, oldest first, also after its end. */
export const historyOf = async (
  { store }: Pick<RouteDeps, 'store'>,
  { slug, id }: ById,
): Promise<readonly StoredEvent[]> => {
  const history = await readWhole(store, triggerStream(id));
  if (history[0]?.metadata.workspace !== slug) throw notFound('trigger');
  return history;
};
