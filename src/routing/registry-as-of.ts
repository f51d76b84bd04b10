import { type RegistryEntry, registry } from '../../projections/registry.ts';
import type { RegistryChange, RegistryFact } from '../../projections/registry-changes.ts';
import type { TriggerKind } from '../triggers/kind.ts';
import { createRegistryIndex, type RegistryIndex } from './registry-index.ts';

type Evolve = (entry: RegistryEntry | undefined, event: RegistryFact) => RegistryEntry | undefined;

const factOf = (change: RegistryChange): RegistryFact =>
  ({
    type: change.type,
    data: change.data,
    position: change.position,
    revision: change.revision,
    metadata: { workspace: change.workspace, actor: change.actor, occurredAt: change.at },
  }) as RegistryFact;

/** A registry of one workspace that is told its changes in the order of the log. */
export interface PastRegistry {
  readonly index: RegistryIndex;
  /** As the changes name it. */
  entryOf(entity: string): RegistryEntry | undefined;
  tell(change: RegistryChange): void;
}

/** By the very folds that the registry of now is made by. */
export const createPastRegistry = (
  kinds: ReadonlyMap<string, Pick<TriggerKind, 'key' | 'createIndex'>>,
): PastRegistry => {
  const index = createRegistryIndex(kinds);
  const entries = new Map<string, RegistryEntry>();
  return {
    index,
    entryOf: (entity) => entries.get(entity),
    tell(change) {
      const before = entries.get(change.entity);
      const evolve = registry.evolve[change.type] as Evolve;
      const after = evolve(before, factOf(change));
      index.changed(before, after);
      if (after === undefined) entries.delete(change.entity);
      else entries.set(change.entity, after);
    },
  };
};
