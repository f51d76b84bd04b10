import { type Envelope, type Fact, facts } from '../domain/events.ts';
import { newId } from '../domain/ids.ts';
import type { EventMetadata } from '../domain/recorded.ts';
import type { NewEvent } from '../store/event-store.ts';

/** Member by member: copying with rest or spread costs ten times as much on the hot path. */
const metadataOf = (envelope: Envelope, schemaVersion: number): EventMetadata => {
  const { workspace, actor, occurredAt, $correlationId, causationId, idempotency } = envelope;
  if (causationId !== undefined) {
    const $causationId = causationId;
    return { workspace, actor, occurredAt, schemaVersion, $correlationId, $causationId };
  }
  const metadata = { workspace, actor, occurredAt, schemaVersion, $correlationId };
  return idempotency === undefined ? metadata : { ...metadata, idempotency };
};

/**
 * Turns the facts of one command into events. The n-th keeps its id however often the command is
 * decided and appended, so that a repeated append can be recognised as such.
 */
export const createEventMaker = (envelope: Envelope) => {
  const ids: string[] = [];
  let metadata: EventMetadata | undefined;
  return (decided: readonly Fact[]): readonly NewEvent[] =>
    decided.map(({ type, data }, ordinal) => {
      const id = ids[ordinal] ?? newId();
      ids[ordinal] = id;
      const { schemaVersion } = facts[type];
      if (metadata?.schemaVersion !== schemaVersion) metadata = metadataOf(envelope, schemaVersion);
      return { id, type, data, metadata };
    });
};
