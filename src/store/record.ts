import type { Fact } from '../domain/events.ts';
import { invocationStream, isArrival, isLane } from '../domain/ids.ts';
import { placeOf } from '../domain/position.ts';
import type { EventMetadata, StoredEvent } from '../domain/recorded.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import type { NewEvent, NewPayload } from './event-store.ts';
import { leaveOut, putIn } from './unsaid.ts';

/** Type of a record that holds several facts; a record of one is stored as that fact. */
export const factsType = 'Facts';
/** Those of the first version say all of each fact. */
const recordVersion = 2;
const firstVersion = 1;

/** What a record says once for all its facts. */
export type RecordMetadata = Omit<EventMetadata, 'schemaVersion'>;

/** A fact that is to be recorded together with others of one workspace. */
export interface FactToRecord {
  readonly fact: Fact;
  readonly schemaVersion: number;
  /** Members of the metadata in which it differs from the record's. */
  readonly own?: Partial<Omit<RecordMetadata, 'workspace'>> | undefined;
  /** The bytes that the fact names. */
  readonly payload?: SaltedBytes | undefined;
}

/** A fact as a record keeps it; `schemaVersion` is left out where it is 1. */
interface KeptFact {
  readonly type: string;
  readonly schemaVersion?: number;
  readonly own?: Partial<EventMetadata>;
  readonly data: object;
}

/** Member by member, here and below: copying with spread costs ten times as much on the hot path. */
const kept = (
  { fact, schemaVersion, own }: FactToRecord,
  before: FactToRecord | undefined,
): KeptFact => {
  const { type } = fact;
  const data = leaveOut(type, fact.data, before?.fact.data);
  if (schemaVersion !== 1) {
    return own === undefined ? { type, schemaVersion, data } : { type, schemaVersion, own, data };
  }
  return own === undefined ? { type, data } : { type, own, data };
};

const payloadsOf = (facts: readonly FactToRecord[]): readonly NewPayload[] => {
  const payloads: NewPayload[] = [];
  for (const [fact, { payload }] of facts.entries()) {
    if (payload !== undefined) payloads.push({ fact, salt: payload.salt, bytes: payload.bytes });
  }
  return payloads;
};

/** What one append stores of one workspace: its facts in order, their metadata once. */
export const recordOf = (
  id: string,
  facts: readonly FactToRecord[],
  metadata: RecordMetadata,
): NewEvent => {
  const [only, another] = facts;
  const isSingle = only !== undefined && another === undefined;
  const record = isSingle
    ? {
        id,
        type: only.fact.type,
        data: only.fact.data,
        metadata: { ...metadata, ...only.own, schemaVersion: only.schemaVersion },
      }
    : {
        id,
        type: factsType,
        data: { facts: facts.map((fact, at) => kept(fact, facts[at - 1])) },
        metadata: { ...metadata, schemaVersion: recordVersion },
      };
  const payloads = payloadsOf(facts);
  return payloads.length > 0 ? { ...record, payloads } : record;
};

/** An invocation has no stream: its facts are recorded with its arrival and by its lane. */
const entityIn = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && 'invocationId' in data
    ? invocationStream(String(data.invocationId))
    : undefined;

/** The first one has the record's own. */
export const factIdOf = (recordId: string, index: number): string =>
  index === 0 ? recordId : `${recordId}#${index}`;

export const recordIdOf = (factId: string): string => factId.split('#')[0] ?? factId;

const nothing: Partial<EventMetadata> = {};

const isKept = (fact: unknown): fact is KeptFact =>
  typeof fact === 'object' && fact !== null && 'type' in fact && typeof fact.type === 'string';

/** Undefined for what no release of this version has written. */
const keptIn = ({ data, metadata }: StoredEvent): readonly KeptFact[] | undefined => {
  const { schemaVersion } = metadata;
  if (schemaVersion !== recordVersion && schemaVersion !== firstVersion) return undefined;
  if (typeof data !== 'object' || data === null || !('facts' in data)) return undefined;
  const { facts } = data;
  return Array.isArray(facts) && facts.every(isKept) ? facts : undefined;
};

/** As the record says, unless the fact says otherwise. */
const metadataOf = (
  shared: EventMetadata,
  own: Partial<EventMetadata>,
  schemaVersion: number,
): EventMetadata => {
  const { workspace } = shared;
  const { actor = shared.actor, occurredAt = shared.occurredAt } = own;
  const { $correlationId = shared.$correlationId, $causationId = shared.$causationId } = own;
  const { idempotency = shared.idempotency } = own;
  const metadata = { workspace, actor, occurredAt, schemaVersion, $correlationId };
  if (idempotency !== undefined) {
    return { ...metadata, ...($causationId !== undefined && { $causationId }), idempotency };
  }
  if ($causationId === undefined) return metadata;
  return { workspace, actor, occurredAt, schemaVersion, $correlationId, $causationId };
};

/** What rides with an arrival is the router's, and the arrival is why. */
const ridingWith = ({ id, metadata }: StoredEvent): EventMetadata =>
  metadataOf(metadata, { actor: 'system:router', $causationId: id }, 1);

/** A record of one fact is that fact. Member by member: a store may work some out when asked. */
const single = (record: StoredEvent): readonly StoredEvent[] => {
  const { id, stream, revision, position, type, recordedAt } = record;
  if (!isLane(stream)) return [record];
  const { data, metadata } = record;
  const entity = entityIn(data);
  if (entity === undefined) return [record];
  return [{ id, stream, revision, position, entity, type, data, metadata, recordedAt }];
};

const factOf = (
  { id: recordId, stream, revision, position: place, recordedAt }: StoredEvent,
  { type, own, schemaVersion = 1 }: KeptFact,
  data: object,
  index: number,
  shared: EventMetadata,
): StoredEvent => {
  const id = factIdOf(recordId, index);
  const position = placeOf(place, index);
  const entity = entityIn(data);
  const metadata =
    own === undefined && schemaVersion === shared.schemaVersion
      ? shared
      : metadataOf(shared, own ?? nothing, schemaVersion);
  return entity === undefined
    ? { id, stream, revision, position, type, data, metadata, recordedAt }
    : { id, stream, revision, position, entity, type, data, metadata, recordedAt };
};

/**
 * The facts of a record, in their order. What cannot be unpacked is given back as it is, and nobody
 * knows its type.
 */
export const factsIn = (record: StoredEvent): readonly StoredEvent[] => {
  if (record.type !== factsType) return single(record);
  const kept = keptIn(record);
  if (kept === undefined) return [record];
  const { metadata } = record;
  const later = isArrival(record.stream) ? ridingWith(record) : metadataOf(metadata, nothing, 1);
  const isWhole = metadata.schemaVersion === firstVersion;
  let before: object | undefined;
  return kept.map((fact, index) => {
    const data = isWhole ? fact.data : putIn(fact.type, fact.data, before);
    before = data;
    return factOf(record, fact, data, index, index === 0 ? metadata : later);
  });
};
