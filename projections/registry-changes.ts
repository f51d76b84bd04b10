import type { FactType, Recorded } from '../src/domain/events.ts';
import { defineProjection, type Projection } from './projection.ts';
import { registry } from './registry.ts';

const types = [
  'FunctionRegistered',
  'FunctionRevised',
  'FunctionSecretsResealed',
  'FunctionRetired',
  'TriggerRegistered',
  'TriggerRevised',
  'TriggerPaused',
  'TriggerResumed',
  'TriggerSuspended',
  'TriggerSecretsResealed',
  'TriggerRetired',
] as const satisfies readonly FactType[];

export type RegistryFact = Recorded<(typeof types)[number]>;

/** One fact about a function or trigger, with all that the registry's own folds look at. */
export interface RegistryChange {
  readonly position: string;
  readonly workspace: string;
  /** As the registry's keys: `trigger/<id>` or `function/<id>`. */
  readonly entity: string;
  readonly at: string;
  readonly actor: string;
  readonly revision: number;
  readonly type: RegistryFact['type'];
  readonly data: RegistryFact['data'];
}

const changeOf = (event: RegistryFact, ordinal: number): RegistryChange => ({
  position: event.position,
  workspace: event.metadata.workspace,
  entity: registry.key(event, ordinal) ?? '',
  at: event.metadata.occurredAt,
  actor: event.metadata.actor,
  revision: event.revision,
  type: event.type,
  data: event.data,
});

const kept: ReadonlySet<string> = new Set(types);

/** What became of functions and triggers, change by change: the registry of any moment is a fold of it. */
export const registryChanges = defineProjection<RegistryChange>({
  name: 'registry-changes',
  version: 1,
  key: ({ type, position }) => (kept.has(type) ? position : undefined),
  begins: types,
  columns: ['position', 'workspace', 'entity', 'at'],
  indexes: [['workspace'], ['entity']],
  evolve: Object.fromEntries(
    types.map((type) => [type, (_: unknown, event: RegistryFact, n: number) => changeOf(event, n)]),
  ) as Projection<RegistryChange>['evolve'],
});
