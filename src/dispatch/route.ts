import type { TriggerEntry } from '../../projections/registry.ts';
import type { Source } from '../domain/events.ts';
import type { RegistryIndex } from './registry-index.ts';

export interface Routable {
  readonly workspace: string;
  readonly source: Source;
}

export type Routing =
  | { readonly trigger: TriggerEntry; readonly fired: true }
  | {
      readonly trigger: TriggerEntry;
      readonly fired: false;
      readonly reason: 'paused' | 'suspended';
    };

/**
 * Kinds whose sender was told that this very trigger has taken the event. What arrives for one of
 * them while it does not run was let in just before, so it is queued and held, never dropped.
 */
const promised: ReadonlySet<string> = new Set(['webhook', 'on-demand']);

/**
 * Which triggers an arrival concerns, and whether it fires them: a function of the registry as of
 * the arrival and of the arrival alone. Asking again later, with the same log, gives the same.
 */
export const route = (
  registry: Pick<RegistryIndex, 'byKey'>,
  { workspace, source }: Routable,
): readonly Routing[] =>
  registry
    .byKey(workspace, source.kind, source.key)
    .map((trigger) =>
      trigger.status === 'active' || promised.has(source.kind)
        ? { trigger, fired: true }
        : { trigger, fired: false, reason: trigger.status },
    );
