import type { TriggerEntry } from '../../projections/registry.ts';
import type { Source } from '../domain/facts/arrival-facts.ts';
import { createRegistryIndex } from '../routing/registry-index.ts';
import { route } from '../routing/route.ts';
import type { TriggerKinds } from '../triggers/index.ts';

export type Fires = (source: Source) => boolean;

/**
 * Whether a trigger of this definition, were it active, fires for what came in there: routing itself
 * is asked, with a registry that holds nothing else. What a sender was once told that another
 * trigger has taken counts by where it came in, as it would if it were sent now.
 */
export const suppose = (trigger: TriggerEntry, kinds: TriggerKinds): Fires => {
  const registry = createRegistryIndex(kinds);
  registry.changed(undefined, { ...trigger, status: 'active', reason: null });
  const { workspace } = trigger;
  return (source) => route(registry, { workspace, source }).some(({ fired }) => fired);
};
