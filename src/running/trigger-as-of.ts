import { registry, type TriggerEntry } from '../../projections/registry.ts';
import { triggerStream } from '../domain/ids.ts';
import { readWhole } from '../log/whole-stream.ts';
import type { EventStore } from '../store/event-store.ts';
import { foldOf } from '../views/fold.ts';

const { evolve } = foldOf(registry);

/**
 * A trigger as it was when it had that version last, its secrets sealed as they were then; undefined
 * where it never had. Read from the log: it is asked for seldom, and by hand.
 */
export const triggerAsOf = async (
  store: Pick<EventStore, 'readStream'>,
  triggerId: string,
  version: number,
): Promise<TriggerEntry | undefined> => {
  let entry: ReturnType<typeof evolve>;
  let found: TriggerEntry | undefined;
  for (const event of await readWhole(store, triggerStream(triggerId))) {
    entry = evolve(entry, event, 0);
    if (entry?.entity === 'trigger' && entry.version === version) found = entry;
  }
  return found;
};
