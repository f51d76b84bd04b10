import { TriplineError } from '../domain/errors.ts';
import type { NewEvent } from './event-store.ts';

/** 1 MiB, which every supported server takes, less what its own framing may add. */
export const maxAppendBytes = 1_048_576 - 65_536;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const refuse = (message: string): never => {
  throw new TriplineError('validation-failed', message);
};

/** Names that begin with `$` belong to the server. */
export const checkStreamName = (stream: string): void => {
  if (stream === '' || stream.startsWith('$')) refuse(`'${stream}' is not a stream name`);
};

/** Refuses what no store may take: nothing at all, ids that are no UUIDs, an id twice. */
export const checkAppend = (stream: string, events: readonly NewEvent[]): void => {
  checkStreamName(stream);
  if (events.length === 0) refuse('an append needs at least one event');
  for (const { id, type } of events) {
    if (!uuid.test(id)) refuse(`event id '${id}' is not a UUID`);
    if (type === '') refuse('an event needs a type');
  }
  if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length) {
    refuse('an append may not hold one event id twice');
  }
};

/** What an event counts for: its JSON in UTF-8, and its type in UTF-16 as the server has it. */
export const sizeOf = (type: string, data: string, metadata: string): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length;

export const tooLarge = (stream: string, bytes: number): TriplineError =>
  new TriplineError(
    'event-too-large',
    `an append to ${stream} has ${bytes} bytes, more than the ${maxAppendBytes} allowed`,
  );
