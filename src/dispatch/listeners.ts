import type { TriggerEntry } from '../../projections/registry.ts';
import type { KeyIndex, TriggerConfig, TriggerKind } from '../triggers/kind.ts';

/** Triggers by the key they listen at; those of kinds that are unknown here listen nowhere. */
export interface Listeners {
  add(trigger: TriggerEntry): void;
  remove(trigger: TriggerEntry): void;
  /** Good until the next change. */
  concernedBy(workspace: string, kind: string, sourceKey: string): readonly TriggerEntry[];
}

/** Where the triggers of one kind in one workspace listen. */
interface Area {
  /**
   * One trigger stands for itself: most keys have one, and with many keys what a lookup costs is
   * how often it has to wait for memory. Arrays are changed in place: thousands may listen at one
   * key, and each comes and goes by itself.
   */
  readonly places: Map<string, TriggerEntry | TriggerEntry[]>;
  /** Undefined for kinds whose triggers listen at the very keys that arrivals bear. */
  readonly index: KeyIndex | undefined;
}

const none: readonly never[] = [];

const at = ({ places }: Area, key: string): readonly TriggerEntry[] => {
  const there = places.get(key);
  if (there === undefined) return none;
  return Array.isArray(there) ? there : [there];
};

export const createListeners = (
  kinds: ReadonlyMap<string, Pick<TriggerKind, 'key' | 'createIndex'>>,
): Listeners => {
  // By workspace and kind, so that a lookup takes the key as it came: joined to a longer one, it
  // would have to be copied and hashed anew for each arrival.
  const areas = new Map<string, Map<string, Area>>();

  const keyOf = ({ executionType, triggerMetadata, triggerId }: TriggerEntry) =>
    kinds.get(executionType)?.key(triggerMetadata as TriggerConfig, triggerId);

  const areaOf = (workspace: string, kind: string): Area => {
    const ofWorkspace = areas.get(workspace) ?? new Map<string, Area>();
    areas.set(workspace, ofWorkspace);
    const known = ofWorkspace.get(kind);
    if (known !== undefined) return known;
    const area: Area = { places: new Map(), index: kinds.get(kind)?.createIndex?.() };
    ofWorkspace.set(kind, area);
    return area;
  };

  return {
    add(trigger) {
      const key = keyOf(trigger);
      if (key === undefined) return;
      const { places, index } = areaOf(trigger.workspace, trigger.executionType);
      const there = places.get(key);
      if (there === undefined) {
        places.set(key, trigger);
        index?.add(key);
      } else if (Array.isArray(there)) there.push(trigger);
      else places.set(key, [there, trigger]);
    },
    remove(trigger) {
      const key = keyOf(trigger);
      if (key === undefined) return;
      const area = areaOf(trigger.workspace, trigger.executionType);
      const there = area.places.get(key);
      const index = at(area, key).findIndex(({ triggerId }) => triggerId === trigger.triggerId);
      if (index < 0) return;
      if (Array.isArray(there) && there.length > 1) {
        there.splice(index, 1);
        return;
      }
      area.places.delete(key);
      area.index?.remove(key);
    },
    concernedBy(workspace, kind, sourceKey) {
      const area = areas.get(workspace)?.get(kind);
      if (area === undefined) return none;
      if (area.index === undefined) return at(area, sourceKey);
      return area.index.matching(sourceKey).flatMap((key) => at(area, key));
    },
  };
};
