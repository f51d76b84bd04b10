import type { TriggerEntry } from '../../projections/registry.ts';
import { createRecent } from '../actors/recent.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import type { EventStore } from '../store/event-store.ts';
import { triggerAsOf } from './trigger-as-of.ts';

export interface TriggerVersionsDeps {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: Pick<RegistryIndex, 'triggerById'>;
}

/** As many as are remembered. */
const most = 256;

/** A trigger as it was when it had that version last; undefined where it never had. */
export type TriggerVersions = (
  triggerId: string,
  version: number,
) => Promise<TriggerEntry | undefined>;

/** Reads of the log no more than once what changes no more, and never what is at hand. */
export const createTriggerVersions = ({
  store,
  registry,
}: TriggerVersionsDeps): TriggerVersions => {
  const past = createRecent<TriggerEntry>(most);
  return async (triggerId, version) => {
    const present = registry.triggerById(triggerId);
    if (present?.version === version) return present;
    const key = `${triggerId} ${version}`;
    const known = past.get(key);
    if (known !== undefined) return known;
    const found = await triggerAsOf(store, triggerId, version);
    // Of a version that the registry has not seen replaced there may be more to come.
    if (found !== undefined && present !== undefined && version < present.version)
      past.set(key, found);
    return found;
  };
};
