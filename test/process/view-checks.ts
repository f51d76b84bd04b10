import { isDeepStrictEqual } from 'node:util';
import { coldProjections, hotProjections } from '../../projections/index.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { Documents } from '../../src/views/hot-views.ts';
import type { Views } from '../../src/views/views.ts';
import { freshFold } from './fresh-fold.ts';

type AnyDocuments = Documents<unknown>;

const differences = (view: string, shown: AnyDocuments, folded: AnyDocuments): string[] => {
  const keys = new Set([...shown.keys(), ...folded.keys()]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(shown.get(key), folded.get(key)))
    .map((key) => `${view}/${key}`);
};

/** Documents in which a view differs from a fresh fold of the log; none, if all is well. */
export const differencesFromFold = async (
  views: Views,
  log: readonly StoredEvent[],
): Promise<string[]> => {
  const last = log.at(-1);
  if (last) await views.reached(last.position);
  const found: string[] = [];
  for (const [name, projection] of Object.entries(coldProjections)) {
    const folded = freshFold(projection as never, log);
    const shown = new Map<string, unknown>();
    for (const key of folded.keys()) shown.set(key, await views.get(name as never, key));
    found.push(...differences(name, shown, folded));
  }
  const snapshot = await views.loadSnapshot();
  if (!snapshot) return [...found, 'no snapshot was saved'];
  const seen = log.filter(({ position }) => position <= snapshot.position);
  return [
    ...found,
    ...differences('registry', snapshot.registry, freshFold(hotProjections.registry, seen)),
    ...differences('queue', snapshot.queue, freshFold(hotProjections.queue, seen)),
    ...differences('schedules', snapshot.schedules, freshFold(hotProjections.schedules, seen)),
    ...differences(
      'openReplays',
      snapshot.openReplays,
      freshFold(hotProjections.openReplays, seen),
    ),
  ];
};
