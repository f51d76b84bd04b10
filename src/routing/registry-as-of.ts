import { type RegistryEntry, registry } from '../../projections/registry.ts';
import type { RegistryChange, RegistryFact } from '../../projections/registry-changes.ts';
import {
  createRegistryIndex,
  type IndexedKind,
  type MaintainedIndex,
  type RegistryIndex,
} from './registry-index.ts';

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
  /** Made when it is first asked for, and told from then on. */
  readonly index: RegistryIndex;
  readonly entries: ReadonlyMap<string, RegistryEntry>;
  /** As the changes name it. */
  entryOf(entity: string): RegistryEntry | undefined;
  tell(change: RegistryChange): void;
}

/** By the very folds that the registry of now is made by; from what they had come to, or from nothing. */
export const createPastRegistry = (
  kinds: ReadonlyMap<string, IndexedKind>,
  begun: ReadonlyMap<string, RegistryEntry> = new Map(),
): PastRegistry => {
  const entries = new Map(begun);
  let index: MaintainedIndex | undefined;

  const indexed = (): MaintainedIndex => {
    const made = createRegistryIndex(kinds);
    for (const entry of entries.values()) made.changed(undefined, entry);
    return made;
  };

  return {
    get index() {
      index ??= indexed();
      return index;
    },
    entries,
    entryOf: (entity) => entries.get(entity),
    tell(change) {
      const before = entries.get(change.entity);
      const evolve = registry.evolve[change.type] as Evolve;
      const after = evolve(before, factOf(change));
      index?.changed(before, after);
      if (after === undefined) entries.delete(change.entity);
      else entries.set(change.entity, after);
    },
  };
};
