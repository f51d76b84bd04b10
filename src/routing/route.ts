import type { TriggerEntry } from '../../projections/registry.ts';
import type { DataOf } from '../domain/events.ts';
import type { Source } from '../domain/facts/arrival-facts.ts';
import type { RegistryIndex } from './registry-index.ts';

export interface Routable {
  readonly workspace: string;
  readonly source: Source;
  readonly acceptedFor?: DataOf<'EventArrived'>['acceptedFor'];
}

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

/**
 * Which triggers an arrival concerns, and whether it fires them: a function of the registry as of
 * the arrival and of the arrival alone. Asking again later, with the same log, gives the same.
 */
export const route = (
  registry: Pick<RegistryIndex, 'byKey' | 'triggerById'>,
  { workspace, source, acceptedFor }: Routable,
): readonly Routing[] => {
  if (acceptedFor !== undefined) {
    const { triggerId } = acceptedFor;
    const trigger = registry.triggerById(triggerId);
    return [trigger ? { trigger, fired: true } : { triggerId, fired: false, reason: 'deleted' }];
  }
  return registry
    .byKey(workspace, source.kind, source.key)
    .map((trigger) =>
      trigger.status === 'active' || promised.has(source.kind)
        ? { trigger, fired: true }
        : { triggerId: trigger.triggerId, fired: false, reason: trigger.status },
    );
};
