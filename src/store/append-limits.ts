import { TriplineError } from '../domain/errors.ts';
import { mostFacts } from '../domain/position.ts';
import { saltLength } from '../domain/salted-bytes.ts';
import type { NewEvent, NewPayload } from './event-store.ts';

/** 1 MiB, which every supported server takes, less what its own framing may add. */
export const maxAppendBytes = 1_048_576 - 65_536;

/** Of one append: far above any sensible limit of request bodies, since it is held in memory whole. */
export const maxPayloadBytes = 66_060_288;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const refuse = (message: string): never => {
  throw new TriplineError('validation-failed', message);
};

/** Names that begin with `$` belong to the server. */
export const checkStreamName = (stream: string): void => {
  if (stream === '' || stream.startsWith('$')) refuse(`'${stream}' is not a stream name`);
};

const checkPayloads = (stream: string, payloads: readonly NewPayload[]): void => {
  const seen = new Set<number>();
  let total = 0;
  for (const { fact, salt, bytes } of payloads) {
    if (!Number.isInteger(fact) || fact < 0 || fact >= mostFacts) {
      refuse(`a record has no fact ${fact}`);
    }
    if (seen.has(fact)) refuse('a fact has one payload at most');
    if (salt.length !== saltLength) refuse(`a payload's salt has ${saltLength} bytes`);
    seen.add(fact);
    total += bytes.length;
  }
  if (total > maxPayloadBytes) throw tooLarge(stream, total, maxPayloadBytes);
};

/** Refuses what no store may take: nothing at all, ids that are no UUIDs, an id twice. */
export const checkAppend = (stream: string, events: readonly NewEvent[]): void => {
  checkStreamName(stream);
  if (events.length === 0) refuse('an append needs at least one event');
  for (const { id, type, payloads } of events) {
    if (!uuid.test(id)) refuse(`event id '${id}' is not a UUID`);
    if (type === '') refuse('an event needs a type');
    if (payloads !== undefined) checkPayloads(stream, payloads);
  }
  if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length) {
    refuse('an append may not hold one event id twice');
  }
};

/** What an event counts for: its JSON in UTF-8, and its type in UTF-16 as the server has it. */
export const sizeOf = (type: string, data: string, metadata: string): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length;

export const tooLarge = (
  stream: string,
  bytes: number,
  allowed: number = maxAppendBytes,
): TriplineError =>
  new TriplineError(
    'event-too-large',
    `an append to ${stream} has ${bytes} bytes, more than the ${allowed} allowed`,
  );
