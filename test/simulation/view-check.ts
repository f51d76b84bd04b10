import { silentLogger } from '../../src/domain/logger.ts';
import { beginning, type Position } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createHotViews, type Documents, type HotViews } from '../../src/views/hot-views.ts';
import type { Run } from './run.ts';
import type { SavedViews } from './saved-views.ts';
import * as scene from './scene.ts';
import type { Breaks } from './world.ts';

const names = ['registry', 'queue', 'schedules', 'openReplays'] as const;

const freshFold = (log: readonly StoredEvent[], upTo: Position): HotViews => {
  const views = createHotViews({ log: silentLogger });
  views.apply(log.filter(({ position }) => position <= upTo));
  return views;
};

const isSame = (
  texts: ReadonlyMap<string, string> | undefined,
  documents: Documents<unknown>,
): boolean => {
  if (texts?.size !== documents.size) return false;
  for (const [key, document] of documents)
    if (texts.get(key) !== JSON.stringify(document)) return false;
  return true;
};

const sorted = (entries: Iterable<unknown>): string =>
  JSON.stringify([...entries].map((entry) => JSON.stringify(entry)).sort());

/** What processes hold in memory and save, against the log folded anew. */
export const createViewCheck = (log: readonly StoredEvent[], breaks: Breaks) => ({
  saved(node: string, views: SavedViews): void {
    if (views.position === beginning) return;
    const fresh = freshFold(log, views.position);
    for (const name of names)
      if (!isSame(views.texts(name), fresh[name]))
        breaks(`the view ${name} that ${node} saved at ${views.position} is not the log's`);
  },
  held({ owner, engine }: Run): void {
    const fresh = freshFold(log, engine.position);
    const held = scene.workspaces.flatMap((workspace) => [
      ...engine.registry.triggersOf(workspace),
      ...engine.registry.functionsOf(workspace),
      ...engine.registry.draftsOf(workspace),
    ]);
    if (sorted(held) !== sorted(fresh.registry.values()))
      breaks(`the registry that ${owner} holds at ${engine.position} is not the log's`);
    for (const [triggerId, schedule] of fresh.schedules)
      if (JSON.stringify(engine.scheduleOf(triggerId)) !== JSON.stringify(schedule))
        breaks(`the schedule of ${triggerId} that ${owner} holds is not the log's`);
  },
});
