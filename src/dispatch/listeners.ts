import type { TriggerEntry } from '../../projections/registry.ts';
import type { KeyIndex, TriggerConfig, TriggerKind } from '../triggers/kind.ts';

/** Triggers by the key they listen at; those of kinds that are unknown here listen nowhere. */
export interface Listeners {
  add(trigger: TriggerEntry): void;
  remove(trigger: TriggerEntry): void;
  /** Good until the next change. */
  concernedBy(workspace: string, kind: string, sourceKey: string): readonly TriggerEntry[];
}

const none: readonly never[] = [];

/** A newline is in no workspace's and no kind's name, so no two places share a label. */
const areaOf = (workspace: string, kind: string): string => `${workspace}\n${kind}\n`;

export const createListeners = (
  kinds: ReadonlyMap<string, Pick<TriggerKind, 'key' | 'createIndex'>>,
): Listeners => {
  // Changed in place: thousands may listen at one key, and each comes and goes by itself.
  const places = new Map<string, TriggerEntry[]>();
  const indexes = new Map<string, KeyIndex>();

  const keyOf = ({ executionType, triggerMetadata, triggerId }: TriggerEntry) =>
    kinds.get(executionType)?.key(triggerMetadata as TriggerConfig, triggerId);

  /** Undefined for kinds whose triggers listen at the very keys that arrivals bear. */
  const indexOf = (area: string, kind: string): KeyIndex | undefined => {
    const known = indexes.get(area);
    if (known !== undefined) return known;
    const created = kinds.get(kind)?.createIndex?.();
    if (created !== undefined) indexes.set(area, created);
    return created;
  };

  return {
    add(trigger) {
      const key = keyOf(trigger);
      if (key === undefined) return;
      const area = areaOf(trigger.workspace, trigger.executionType);
      const others = places.get(area + key);
      if (others !== undefined) others.push(trigger);
      else {
        places.set(area + key, [trigger]);
        indexOf(area, trigger.executionType)?.add(key);
      }
    },
    remove(trigger) {
      const key = keyOf(trigger);
      if (key === undefined) return;
      const area = areaOf(trigger.workspace, trigger.executionType);
      const there = places.get(area + key) ?? [];
      const at = there.findIndex(({ triggerId }) => triggerId === trigger.triggerId);
      if (at < 0) return;
      there.splice(at, 1);
      if (there.length > 0) return;
      places.delete(area + key);
      indexOf(area, trigger.executionType)?.remove(key);
    },
    concernedBy(workspace, kind, sourceKey) {
      const area = areaOf(workspace, kind);
      const index = indexes.get(area);
      if (index === undefined) return places.get(area + sourceKey) ?? none;
      return index
        .matching(sourceKey)
        .flatMap((key): readonly TriggerEntry[] => places.get(area + key) ?? none);
    },
  };
};
