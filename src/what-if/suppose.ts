import type { TriggerEntry } from '../../projections/registry.ts';
import { createRegistryIndex } from '../routing/registry-index.ts';
import { type Addressed, reachedBy, route } from '../routing/route.ts';
import type { Filterable } from '../routing/seen-by-filters.ts';
import type { TriggerKinds } from '../triggers/index.ts';

export interface Supposition {
  /** Whether what comes in there gets as far as the trigger's filter. */
  reaches(source: Addressed['source']): boolean;
  /** Whether the trigger fires for it. */
  fires(arrival: Filterable): boolean;
}

/**
 * Whether a trigger of this definition, were it active, fires for what came in there: routing itself
 * is asked, with a registry that holds nothing else. What a sender was once told that another
 * trigger has taken counts by where it came in, as it would if it were sent now.
 */
export const suppose = (trigger: TriggerEntry, kinds: TriggerKinds): Supposition => {
  const registry = createRegistryIndex(kinds);
  registry.changed(undefined, { ...trigger, status: 'active', reason: null });
  const { workspace } = trigger;
  return {
    reaches: (source) => reachedBy(registry, { workspace, source }).length > 0,
    fires: ({ arrivalId, source, request, bodyOf }) =>
      route(registry, { workspace, arrivalId, source, request, bodyOf }).some(({ fired }) => fired),
  };
};
