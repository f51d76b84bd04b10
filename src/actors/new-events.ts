import type { Chance } from '../domain/chance.ts';
import { type Envelope, type Fact, facts } from '../domain/events.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import type { NewEvent } from '../store/event-store.ts';
import { type FactToRecord, type RecordMetadata, recordOf } from '../store/record.ts';

/** Member by member: copying with rest or spread costs ten times as much on the hot path. */
const metadataOf = (envelope: Envelope): RecordMetadata => {
  const { workspace, actor, occurredAt, $correlationId, causationId, idempotency } = envelope;
  const $causationId = causationId;
  const metadata =
    $causationId === undefined
      ? { workspace, actor, occurredAt, $correlationId }
      : { workspace, actor, occurredAt, $correlationId, $causationId };
  return idempotency === undefined ? metadata : { ...metadata, idempotency };
};

const toRecord = (fact: Fact): FactToRecord => ({
  fact,
  schemaVersion: facts[fact.type].schemaVersion,
});

const factsOf = (
  [first, ...others]: readonly Fact[],
  payload: SaltedBytes | undefined,
): readonly FactToRecord[] => {
  if (first === undefined) return [];
  const { fact, schemaVersion } = toRecord(first);
  return [{ fact, schemaVersion, payload }, ...others.map(toRecord)];
};

/**
 * Turns the facts of one command into one record. It keeps its id however often the command is
 * decided and appended, so that a repeated append can be recognised as such. The payload is the
 * first fact's.
 */
export const createEventMaker = (
  envelope: Envelope,
  chance: Pick<Chance, 'newId'>,
  payload?: SaltedBytes,
) => {
  let id: string | undefined;
  return (decided: readonly Fact[]): readonly NewEvent[] => {
    if (decided.length === 0) return [];
    id ??= chance.newId();
    return [recordOf(id, factsOf(decided, payload), metadataOf(envelope))];
  };
};
