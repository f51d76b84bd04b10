import type { TriggerEntry } from '../../projections/registry.ts';
import type { KeyIndex, TriggerConfig, TriggerKind } from '../triggers/kind.ts';

/** Triggers by the key they listen at; those of kinds that are unknown here listen nowhere. */
export interface Listeners {
  /** All or nothing, also where it throws. */
  add(trigger: TriggerEntry): void;
  remove(trigger: TriggerEntry): void;
  /** Good until the next change. */
  concernedBy(workspace: string, kind: string, sourceKey: string): readonly TriggerEntry[];
}

type Kind = Pick<TriggerKind, 'key' | 'createIndex'>;

/** Where the triggers of one kind in one workspace listen. */
interface Area {
  /** The kind that they listen by; there may be another of its name by now, or none. */
  readonly kind: Kind | undefined;
  /**
   * One trigger stands for itself: most keys have one, and with many keys what a lookup costs is
   * how often it has to wait for memory. Arrays are changed in place: thousands may listen at one
   * key, and each comes and goes by itself.
   */
  readonly places: Map<string, TriggerEntry | TriggerEntry[]>;
  /** Undefined for kinds whose triggers listen at the very keys that arrivals bear. */
  readonly index: KeyIndex | undefined;
  /** Triggers that listen nowhere, as there is no such kind, by their ids. */
  readonly idle: Map<string, TriggerEntry>;
}

const none: readonly never[] = [];

const at = ({ places }: Area, key: string): readonly TriggerEntry[] => {
  const there = places.get(key);
  if (there === undefined) return none;
  return Array.isArray(there) ? there : [there];
};

const newArea = (kind: Kind | undefined): Area => ({
  kind,
  places: new Map(),
  index: kind?.createIndex?.(),
  idle: new Map(),
});

const add = (area: Area, trigger: TriggerEntry): void => {
  const { kind, places, index, idle } = area;
  if (kind === undefined) {
    idle.set(trigger.triggerId, trigger);
    return;
  }
  const key = kind.key(trigger.triggerMetadata as TriggerConfig, trigger.triggerId);
  const there = places.get(key);
  if (there === undefined) {
    index?.add(key);
    places.set(key, trigger);
  } else if (Array.isArray(there)) there.push(trigger);
  else places.set(key, [there, trigger]);
};

const remove = (area: Area, { triggerId, triggerMetadata }: TriggerEntry): void => {
  if (area.idle.delete(triggerId) || area.kind === undefined) return;
  const key = area.kind.key(triggerMetadata as TriggerConfig, triggerId);
  const there = area.places.get(key);
  const index = at(area, key).findIndex((trigger) => trigger.triggerId === triggerId);
  if (index < 0) return;
  if (Array.isArray(there) && there.length > 1) {
    there.splice(index, 1);
    return;
  }
  area.places.delete(key);
  area.index?.remove(key);
};

/** The same triggers by another kind; one that this kind makes nothing of listens nowhere. */
const moved = ({ places, idle }: Area, kind: Kind | undefined): Area => {
  const area = newArea(kind);
  for (const trigger of [...[...places.values()].flat(), ...idle.values()]) {
    try {
      add(area, trigger);
    } catch {
      area.idle.set(trigger.triggerId, trigger);
    }
  }
  return area;
};

/** `kinds` may change at any time: triggers of a kind that comes later listen from then on. */
export const createListeners = (kinds: ReadonlyMap<string, Kind>): Listeners => {
  // By workspace and kind, so that a lookup takes the key as it came: joined to a longer one, it
  // would have to be copied and hashed anew for each arrival.
  const areas = new Map<string, Map<string, Area>>();

  const upToDate = (ofWorkspace: Map<string, Area>, name: string): Area | undefined => {
    const area = ofWorkspace.get(name);
    const kind = kinds.get(name);
    if (area === undefined || area.kind === kind) return area;
    const renewed = moved(area, kind);
    ofWorkspace.set(name, renewed);
    return renewed;
  };

  const areaOf = ({ workspace, executionType }: TriggerEntry): Area => {
    const ofWorkspace = areas.get(workspace) ?? new Map<string, Area>();
    areas.set(workspace, ofWorkspace);
    const known = upToDate(ofWorkspace, executionType);
    if (known !== undefined) return known;
    const area = newArea(kinds.get(executionType));
    ofWorkspace.set(executionType, area);
    return area;
  };

  return {
    add: (trigger) => add(areaOf(trigger), trigger),
    remove: (trigger) => remove(areaOf(trigger), trigger),
    concernedBy(workspace, kind, sourceKey) {
      const ofWorkspace = areas.get(workspace);
      const area = ofWorkspace && upToDate(ofWorkspace, kind);
      if (area === undefined) return none;
      if (area.index === undefined) return at(area, sourceKey);
      return area.index.matching(sourceKey).flatMap((key) => at(area, key));
    },
  };
};
