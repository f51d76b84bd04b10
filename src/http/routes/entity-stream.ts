import type { StoredEvent } from '../../domain/recorded.ts';
import { readWhole } from '../../log/whole-stream.ts';
import { notFound, type RouteDeps } from './route.ts';

/** Everything recorded of one thing of the workspace, oldest first, also after its end. */
export const streamIn = async (
  { store }: Pick<RouteDeps, 'store'>,
  workspace: string,
  what: string,
  stream: string,
): Promise<readonly StoredEvent[]> => {
  const history = await readWhole(store, stream);
  if (history[0]?.metadata.workspace !== workspace) throw notFound(what);
  return history;
};
