import type {
  ApiKeyEntry,
  DraftEntry,
  FunctionEntry,
  RegistryEntry,
  TriggerEntry,
} from '../../projections/registry.ts';
import type { Source } from '../domain/facts/arrival-facts.ts';
import type { Origin, TriggerKind } from '../triggers/kind.ts';
import { createListeners } from './listeners.ts';

export interface RegistryIndex {
  functionById(functionId: string): FunctionEntry | undefined;
  triggerById(triggerId: string): TriggerEntry | undefined;
  /**
   * The triggers that an arrival of this kind and key concerns, whatever their status; never another
   * workspace's. The cost does not grow with the triggers it does not concern.
   */
  byKey(workspace: string, kind: string, key: string): readonly TriggerEntry[];
  /** What filters know of where an arrival came from. */
  originOf(source: Source): Origin;
  functionsOf(workspace: string): readonly FunctionEntry[];
  triggersOf(workspace: string): readonly TriggerEntry[];
  draftById(draftId: string): DraftEntry | undefined;
  draftsOf(workspace: string): readonly DraftEntry[];
  apiKeyById(keyId: string): ApiKeyEntry | undefined;
  apiKeysOf(workspace: string): readonly ApiKeyEntry[];
  /** Where the last of those triggers was registered that start from the past; empty before the first. */
  readonly lastLateAt: string;
}

/** The function a trigger or an invocation names; one of another workspace is none at all. */
export const functionFor = (
  registry: Pick<RegistryIndex, 'functionById'>,
  { workspace, functionId }: { readonly workspace: string; readonly functionId: string },
): FunctionEntry | undefined => {
  const found = registry.functionById(functionId);
  return found?.workspace === workspace ? found : undefined;
};

export interface MaintainedIndex extends RegistryIndex {
  /** To be told of every change of the registry view, in order. Where it throws, nothing has changed. */
  changed(before: RegistryEntry | undefined, after: RegistryEntry | undefined): void;
}

/** What of a kind the registry goes by. */
export type IndexedKind = Pick<TriggerKind, 'key' | 'createIndex' | 'origin'>;

interface Shelf {
  readonly functions: Map<string, FunctionEntry>;
  readonly triggers: Map<string, TriggerEntry>;
  readonly drafts: Map<string, DraftEntry>;
  readonly apiKeys: Map<string, ApiKeyEntry>;
}

const none: readonly never[] = [];

/** The registry as of the last event folded, by everything it is asked by. */
export const createRegistryIndex = (kinds: ReadonlyMap<string, IndexedKind>): MaintainedIndex => {
  const functions = new Map<string, FunctionEntry>();
  const triggers = new Map<string, TriggerEntry>();
  const drafts = new Map<string, DraftEntry>();
  const apiKeys = new Map<string, ApiKeyEntry>();
  const shelves = new Map<string, Shelf>();
  const listeners = createListeners(kinds);
  let lastLateAt = '';

  const shelfOf = (workspace: string): Shelf => {
    const known = shelves.get(workspace);
    if (known) return known;
    const shelf: Shelf = {
      functions: new Map(),
      triggers: new Map(),
      drafts: new Map(),
      apiKeys: new Map(),
    };
    shelves.set(workspace, shelf);
    return shelf;
  };

  const drop = (entry: RegistryEntry): void => {
    const shelf = shelfOf(entry.workspace);
    switch (entry.entity) {
      case 'function':
        functions.delete(entry.functionId);
        shelf.functions.delete(entry.functionId);
        break;
      case 'api-key':
        apiKeys.delete(entry.keyId);
        shelf.apiKeys.delete(entry.keyId);
        break;
      case 'draft':
        drafts.delete(entry.draftId);
        shelf.drafts.delete(entry.draftId);
        break;
      case 'trigger':
        triggers.delete(entry.triggerId);
        shelf.triggers.delete(entry.triggerId);
    }
    if (Object.values(shelf).every(({ size }) => size === 0)) shelves.delete(entry.workspace);
  };

  const put = (entry: RegistryEntry): void => {
    const shelf = shelfOf(entry.workspace);
    switch (entry.entity) {
      case 'function':
        functions.set(entry.functionId, entry);
        shelf.functions.set(entry.functionId, entry);
        break;
      case 'api-key':
        apiKeys.set(entry.keyId, entry);
        shelf.apiKeys.set(entry.keyId, entry);
        break;
      case 'draft':
        drafts.set(entry.draftId, entry);
        shelf.drafts.set(entry.draftId, entry);
        break;
      case 'trigger':
        triggers.set(entry.triggerId, entry);
        if (entry.startFrom !== undefined && entry.startFrom.upTo > lastLateAt)
          lastLateAt = entry.startFrom.upTo;
        shelf.triggers.set(entry.triggerId, entry);
    }
  };

  const relist = (before: RegistryEntry | undefined, after: RegistryEntry | undefined): void => {
    if (before?.entity === 'trigger') listeners.remove(before);
    if (after?.entity !== 'trigger') return;
    try {
      listeners.add(after);
    } catch (error) {
      if (before?.entity === 'trigger') listeners.add(before);
      throw error;
    }
  };

  return {
    changed(before, after) {
      relist(before, after);
      if (before !== undefined && after === undefined) drop(before);
      if (after !== undefined) put(after);
    },
    functionById: (functionId) => functions.get(functionId),
    triggerById: (triggerId) => triggers.get(triggerId),
    byKey: (workspace, kind, key) => listeners.concernedBy(workspace, kind, key),
    originOf: ({ kind, key }) => kinds.get(kind)?.origin?.(key) ?? { source: key, type: kind },
    functionsOf: (workspace) => [...(shelves.get(workspace)?.functions.values() ?? none)],
    triggersOf: (workspace) => [...(shelves.get(workspace)?.triggers.values() ?? none)],
    draftById: (draftId) => drafts.get(draftId),
    draftsOf: (workspace) => [...(shelves.get(workspace)?.drafts.values() ?? none)],
    get lastLateAt() {
      return lastLateAt;
    },
    apiKeyById: (keyId) => apiKeys.get(keyId),
    apiKeysOf: (workspace) => [...(shelves.get(workspace)?.apiKeys.values() ?? none)],
  };
};
