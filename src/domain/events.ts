import type { z } from 'zod';
import { arrivalFacts, tickFacts } from './facts/arrival-facts.ts';
import { functionFacts } from './facts/function-facts.ts';
import { invocationFacts } from './facts/invocation-facts.ts';
import { laneFacts } from './facts/lane-facts.ts';
import { refusalFacts } from './facts/refusal-facts.ts';
import { replayFacts } from './facts/replay-facts.ts';
import { draftFacts, triggerFacts } from './facts/trigger-facts.ts';
import { workspaceFacts } from './facts/workspace-facts.ts';
import type { EventMetadata, StoredEvent } from './recorded.ts';

/**
 * Every fact the log can hold, with the version that is written today. A line in one of these is the
 * whole registration of a fact; older versions are brought up to date by `store/upcasters.ts`.
 */
export const facts = {
  ...functionFacts,
  ...triggerFacts,
  ...draftFacts,
  ...workspaceFacts,
  ...refusalFacts,
  ...arrivalFacts,
  ...tickFacts,
  ...invocationFacts,
  ...laneFacts,
  ...replayFacts,
} as const;

export type FactType = keyof typeof facts;
export type DataOf<T extends FactType> = z.infer<(typeof facts)[T]['schema']>;
export type Fact<T extends FactType = FactType> = {
  [K in T]: { readonly type: K; readonly data: Readonly<DataOf<K>> };
}[T];

/** A fact together with its place in the log and its envelope. */
export type Recorded<T extends FactType = FactType> = {
  [K in T]: Omit<StoredEvent, 'type' | 'data'> & {
    readonly type: K;
    readonly data: Readonly<DataOf<K>>;
  };
}[T];

const versions: ReadonlyMap<string, number> = new Map(
  Object.entries(facts).map(([type, { schemaVersion }]) => [type, schemaVersion]),
);

/** Undefined for types of later releases. */
export const versionOf = (type: string): number | undefined => versions.get(type);

/** False for types and versions of later releases, which are kept, skipped and counted. */
export const isKnown = (event: StoredEvent): event is Recorded =>
  versions.get(event.type) === event.metadata.schemaVersion;

export const isFact = <T extends FactType>(
  event: StoredEvent,
  type: T,
): event is StoredEvent & Recorded<T> => event.type === type;

/** What a command hands on besides its own members: everything a decision may not make up itself. */
export type Envelope = Omit<EventMetadata, 'schemaVersion' | '$causationId'> & {
  readonly causationId?: string | undefined;
};
