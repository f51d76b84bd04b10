import type { AllStreamResolvedEvent, JSONEventData, ResolvedEvent } from '@eventstore/db-client';
import { jsonEvent } from '@eventstore/db-client';
import { TriplineError } from '../../domain/errors.ts';
import type { EventMetadata, StoredEvent } from '../../domain/recorded.ts';
import { maxAppendBytes, sizeOf, tooLarge } from '../append-limits.ts';
import type { NewEvent } from '../event-store.ts';
import { type KeptPayloads, payloadsMember } from './kept-payloads.ts';
import { positionOf } from './position.ts';
import type { StreamNames } from './stream-names.ts';

/** What a server before 22.6 says where it does not know the place in the log. */
const unknownPlace = 2n ** 64n - 1n;

const jsonOf = (value: unknown, what: string): string => {
  try {
    const json: unknown = JSON.stringify(value);
    if (typeof json === 'string') return json;
  } catch {
    // Refused below, like a value that has no JSON at all.
  }
  throw new TriplineError('validation-failed', `the ${what} of an event has no JSON`);
};

/**
 * Refuses what the client would choke on: it never settles an append whose data has no JSON, and
 * stores bytes given as metadata as the JSON of the buffer. Answers with the size.
 */
export const checkEvents = (stream: string, events: readonly NewEvent[]): number => {
  let bytes = 0;
  for (const { type, data, metadata } of events) {
    if (ArrayBuffer.isView(data) || ArrayBuffer.isView(metadata)) {
      throw new TriplineError('validation-failed', 'an event is JSON, not bytes');
    }
    bytes += sizeOf(type, jsonOf(data, 'data'), jsonOf(metadata, 'metadata'));
  }
  if (bytes > maxAppendBytes) throw tooLarge(stream, bytes);
  return bytes;
};

export const wireEventOf = (
  { id, type, data, metadata }: NewEvent,
  payloads?: KeptPayloads,
): JSONEventData =>
  jsonEvent({
    id,
    type,
    data: data as Record<string, unknown>,
    metadata:
      payloads === undefined ? { ...metadata } : { ...metadata, [payloadsMember]: payloads },
  });

/** As it was given to the store. */
const ownMetadata = (metadata: unknown): EventMetadata => {
  if (typeof metadata !== 'object' || metadata === null || !(payloadsMember in metadata)) {
    return metadata as EventMetadata;
  }
  const { [payloadsMember]: _, ...own } = metadata;
  return own as EventMetadata;
};

/** Undefined for what is not ours: other streams, the server's own events, links to events long gone. */
export const storedEventOf = (
  { event }: ResolvedEvent | AllStreamResolvedEvent,
  names: StreamNames,
): StoredEvent | undefined => {
  const stream = event && names.inner(event.streamId);
  if (stream === undefined || event === undefined || event.type.startsWith('$')) return undefined;
  const { id, revision, type, data, metadata, created, position } = event;
  if (position === undefined || position.commit === unknownPlace) {
    throw new TriplineError('store-failed', 'the event store is older than 22.6');
  }
  return {
    id,
    stream,
    revision: Number(revision),
    position: positionOf(position),
    type,
    data,
    metadata: ownMetadata(metadata),
    recordedAt: created.toISOString(),
  };
};
