import type { TriggerEntry } from '../../projections/registry.ts';
import type { DataOf } from '../domain/events.ts';
import type { Source } from '../domain/facts/arrival-facts.ts';
import type { RegistryIndex } from './registry-index.ts';
import { type Filterable, seenByFilters } from './seen-by-filters.ts';
import { wants } from './trigger-filter.ts';

/** What says whom an arrival can reach. */
export interface Addressed {
  readonly workspace: string;
  readonly source: Source;
  readonly acceptedFor?: DataOf<'EventArrived'>['acceptedFor'];
}

export interface Routable extends Addressed, Filterable {}

export type Routing =
  | { readonly trigger: TriggerEntry; readonly fired: true }
  | {
      readonly triggerId: string;
      readonly fired: false;
      readonly reason: 'paused' | 'suspended' | 'deleted';
    };

/**
 * Kinds whose sender was told that this very trigger has taken the event. What arrives for one of
 * them while it does not run was let in just before, so it is queued and held, never dropped.
 * Arrivals say so themselves; this is for those of earlier releases.
 */
const promised: ReadonlySet<string> = new Set(['webhook', 'on-demand']);

type Registry = Pick<RegistryIndex, 'byKey' | 'triggerById'>;

/** The triggers that an arrival reaches, whether they run, and whether they want it. */
export const reachedBy = (
  registry: Registry,
  { workspace, source, acceptedFor }: Addressed,
): readonly TriggerEntry[] => {
  if (acceptedFor === undefined) return registry.byKey(workspace, source.kind, source.key);
  const trigger = registry.triggerById(acceptedFor.triggerId);
  return trigger ? [trigger] : [];
};

/**
 * Which triggers an arrival concerns, and whether it fires them: a function of the registry as of
 * the arrival and of the arrival alone. Asking again later, with the same log, gives the same. A
 * trigger whose filter does not match is not concerned.
 */
export const route = (
  registry: Registry & Pick<RegistryIndex, 'originOf'>,
  arrival: Routable,
): readonly Routing[] => {
  const { source, acceptedFor } = arrival;
  const reached = reachedBy(registry, arrival);
  if (acceptedFor !== undefined && reached.length === 0)
    return [{ triggerId: acceptedFor.triggerId, fired: false, reason: 'deleted' }];
  const seen = seenByFilters(arrival, () => registry.originOf(source));
  const isPromised = acceptedFor !== undefined || promised.has(source.kind);
  return reached
    .filter((trigger) => wants(trigger, seen))
    .map((trigger) =>
      trigger.status === 'active' || isPromised
        ? { trigger, fired: true }
        : { triggerId: trigger.triggerId, fired: false, reason: trigger.status },
    );
};
