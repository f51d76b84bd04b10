import type { DataOf, Recorded } from '../src/domain/events.ts';
import type { Send, Target } from '../src/domain/facts/function-facts.ts';
import type { Sealed } from '../src/domain/facts/sealed.ts';
import type { Json } from '../src/domain/json.ts';
import type { RetryOverride } from '../src/domain/retry-policy.ts';
import { defineProjection } from './projection.ts';

interface Registered {
  readonly workspace: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: number;
  /** Revision of the entity's stream: what `ETag` shows and `If-Match` compares. */
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedBy: string;
  readonly updatedAt: string;
}

export interface FunctionEntry extends Registered {
  readonly entity: 'function';
  readonly functionId: string;
  readonly target: Target;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly retry: RetryOverride;
  /** Both where it is not said. */
  readonly send?: Send | undefined;
  readonly signingSecret: Sealed;
  readonly previousSecret: Sealed | null;
  readonly previousUntil: string | null;
}

export type TriggerStatus = 'active' | 'paused' | 'suspended';

export interface TriggerEntry extends Registered {
  readonly entity: 'trigger';
  readonly triggerId: string;
  readonly functionId: string;
  readonly executionType: string;
  readonly triggerMetadata: { readonly [key: string]: Json };
  readonly isSystem: boolean;
  /** What it is given first: all that had arrived between these places, by a replay of this name. */
  readonly startFrom?: { readonly after: string; readonly upTo: string; readonly replayId: string };
  readonly status: TriggerStatus;
  /** Why it is not active. */
  readonly reason: string | null;
}

export interface ApiKeyEntry {
  readonly entity: 'api-key';
  readonly workspace: string;
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly secretSha256: string;
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: string;
}

export interface DraftEntry {
  readonly entity: 'draft';
  readonly workspace: string;
  readonly draftId: string;
  readonly content: Readonly<DataOf<'DraftSaved'>['content']>;
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedBy: string;
  readonly updatedAt: string;
}

export type RegistryEntry = FunctionEntry | TriggerEntry | DraftEntry | ApiKeyEntry;

export const functionKey = (functionId: string): string => `function/${functionId}`;
export const apiKeyKey = (keyId: string): string => `api-key/${keyId}`;
export const draftKey = (draftId: string): string => `draft/${draftId}`;
export const triggerKey = (triggerId: string): string => `trigger/${triggerId}`;

type TriggerFact = Recorded<
  'TriggerPaused' | 'TriggerResumed' | 'TriggerSuspended' | 'TriggerRevised'
>;

const touched = ({ revision, metadata }: Pick<Recorded, 'revision' | 'metadata'>) => ({
  revision,
  updatedBy: metadata.actor,
  updatedAt: metadata.occurredAt,
});

const created = ({ revision, metadata }: Pick<Recorded, 'revision' | 'metadata'>) => ({
  workspace: metadata.workspace,
  revision,
  createdBy: metadata.actor,
  createdAt: metadata.occurredAt,
  updatedBy: metadata.actor,
  updatedAt: metadata.occurredAt,
});

const withStatus =
  (status: TriggerStatus) =>
  (entry: RegistryEntry | undefined, event: TriggerFact): RegistryEntry | undefined =>
    entry?.entity === 'trigger'
      ? {
          ...entry,
          ...touched(event),
          status,
          reason: 'reason' in event.data ? event.data.reason : null,
        }
      : entry;

const registered = ({ data, position }: Recorded<'TriggerRegistered'>) => {
  const { startFrom, ...definition } = data;
  return startFrom === undefined
    ? definition
    : { ...definition, startFrom: { ...startFrom, upTo: position } };
};

/** Whose id comes first in a fact about it: a registered trigger names its function, too. */
const keyOf = ({ data }: Recorded): string | undefined => {
  if ('draftId' in data) return draftKey(data.draftId);
  if ('triggerId' in data) return triggerKey(data.triggerId);
  if ('functionId' in data) return functionKey(data.functionId);
  return 'keyId' in data ? apiKeyKey(data.keyId) : undefined;
};

/** The functions, triggers, drafts and API keys of all workspaces as they stand; what has ended is gone. */
export const registry = defineProjection<RegistryEntry>({
  name: 'registry',
  version: 3,
  key: keyOf,
  evolve: {
    FunctionRegistered: (_, event) => ({ entity: 'function', ...event.data, ...created(event) }),
    FunctionRevised: (entry, event) =>
      entry?.entity === 'function' ? { ...entry, ...event.data, ...touched(event) } : entry,
    // Whoever had it sealed anew has changed nothing about it.
    FunctionSecretsResealed: (entry, { data, revision }) =>
      entry?.entity === 'function' ? { ...entry, ...data, revision } : entry,
    FunctionRetired: () => undefined,
    TriggerRegistered: (_, event) => ({
      entity: 'trigger',
      ...registered(event),
      status: 'active',
      reason: null,
      ...created(event),
    }),
    TriggerRevised: (entry, event) =>
      entry?.entity === 'trigger' ? { ...entry, ...event.data, ...touched(event) } : entry,
    TriggerPaused: withStatus('paused'),
    TriggerResumed: withStatus('active'),
    TriggerSuspended: withStatus('suspended'),
    TriggerSecretsResealed: (entry, { data, revision }) =>
      entry?.entity === 'trigger' ? { ...entry, ...data, revision } : entry,
    TriggerRetired: () => undefined,
    DraftSaved: (entry, event) =>
      entry?.entity === 'draft'
        ? { ...entry, ...event.data, ...touched(event) }
        : { entity: 'draft', ...event.data, ...created(event) },
    DraftPublished: () => undefined,
    DraftDiscarded: () => undefined,
    ApiKeyIssued: (_, { data, metadata, revision }) => ({
      entity: 'api-key',
      ...data,
      workspace: metadata.workspace,
      revision,
      createdBy: metadata.actor,
      createdAt: metadata.occurredAt,
    }),
    ApiKeyRevoked: () => undefined,
  },
});
