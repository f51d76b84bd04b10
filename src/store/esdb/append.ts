import type { AppendResult, EventData } from '@eventstore/db-client';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import type { Appended, ExpectedRevision, NewEvent } from '../event-store.ts';
import { WrongExpectedRevision } from '../wrong-expected-revision.ts';
import type { EsdbConnection } from './connection.ts';
import { within } from './deadline.ts';
import { checkEvents, wireEventOf } from './event.ts';
import { createInFlight } from './in-flight.ts';
import type { KeptPayloads } from './kept-payloads.ts';
import { persist, type Task, unavailable } from './persistence.ts';
import { positionOf } from './position.ts';
import type { EsdbReads } from './read.ts';
import type { Rejection } from './rejection.ts';
import type { StreamNames } from './stream-names.ts';
import type { EsdbTuning } from './tuning.ts';
import type { EsdbCredentials } from './url.ts';

interface Parts {
  readonly connection: EsdbConnection;
  readonly reads: EsdbReads;
  readonly names: StreamNames;
  readonly tuning: EsdbTuning;
  /** What the server's clock is ahead of ours, so that it does not find deadlines long passed. */
  readonly aheadMs: number;
  /** Sent with each append to take the classic path. */
  readonly credentials: EsdbCredentials | undefined;
}

interface Append {
  readonly stream: string;
  /** As the server has it. */
  readonly outer: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventData[];
}

/** More at once brings no speed, and on the classic path errors. */
const limits = { calls: 256, bytes: 32 * 1_048_576 };
/** The server is told to give up before we do, so that its answer can still arrive. */
const serverShare = 0.8;
/** Enough to find an append again that the stream's `maxCount` has not yet cut off. */
const tail = 64;

export const expectedOnWire = (expected: ExpectedRevision) =>
  typeof expected === 'number' ? BigInt(expected) : expected;

const appendedOf = ({ nextExpectedRevision, position }: AppendResult): Appended => ({
  revision: Number(nextExpectedRevision),
  position: position === undefined ? undefined : positionOf(position),
});

const outcomeUnknown = (stream: string, cause: unknown): TriplineError =>
  new TriplineError('outcome-unknown', `it is not known whether ${stream} was appended to`, {
    cause,
  });

/** A repeated append is told from a new one by its ids only below a revision it names. */
const mayBeRepeated = (expected: ExpectedRevision): boolean =>
  typeof expected === 'number' || expected === 'no_stream';

/** After a doubtful try: a conflict may be with ourselves, if the stream forgets its old events. */
const findOwn = async (
  { reads }: Parts,
  { stream, events }: Append,
): Promise<Appended | undefined> => {
  const last = events.at(-1)?.id;
  try {
    const page = await reads.readStream(stream, { direction: 'backwards', maxCount: tail });
    return page.find(({ id }) => id === last);
  } catch (error) {
    if (isTriplineError(error, 'stream-not-found')) return undefined;
    throw outcomeUnknown(stream, error);
  }
};

/** One append with all its tries: same ids and same revision each time, so it is stored once. */
const appendTask = (parts: Parts, append: Append): Task<Appended> => {
  const { stream, outer, expected, events } = append;
  const { tuning, credentials } = parts;
  const options = {
    expectedRevision: expectedOnWire(expected),
    deadline:
      Math.ceil(tuning.appendTimeoutMs * serverShare) + Math.max(0, Math.ceil(parts.aheadMs)),
    ...(credentials && { credentials }),
  };
  let perhapsStored = false;

  const afterConflict = async (actual: number | 'no_stream'): Promise<Appended> => {
    const own = perhapsStored ? await findOwn(parts, append) : undefined;
    if (own !== undefined) return own;
    throw new WrongExpectedRevision(stream, expected, actual);
  };
  return {
    subject: stream,
    run: async ({ client }) => {
      const call = client.appendToStream(outer, [...events], options);
      return appendedOf(
        await within(tuning.clock, tuning.appendTimeoutMs, `an append to ${stream}`, call),
      );
    },
    rejected: async (rejection: Rejection, cause) => {
      if (rejection.kind === 'conflict') return afterConflict(rejection.actual);
      if (rejection.kind === 'not-done') return undefined;
      if (rejection.kind === 'refused' && !perhapsStored) throw rejection.error;
      if (rejection.kind === 'refused' || !mayBeRepeated(expected)) {
        throw outcomeUnknown(stream, cause);
      }
      perhapsStored = true;
      return undefined;
    },
    exhausted: (cause) => (perhapsStored ? outcomeUnknown(stream, cause) : unavailable(cause)),
  };
};

/** Under the server's name for the stream; `bytes` is about what they weigh. */
export type SendEvents = (
  outer: string,
  expected: ExpectedRevision,
  events: readonly EventData[],
  bytes: number,
) => Promise<Appended>;

export interface EsdbAppends {
  /** `kept` says of each event where its payloads are. */
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    kept?: readonly (KeptPayloads | undefined)[],
  ): Promise<Appended>;
  /** Without the rules for streams of ours. */
  readonly send: SendEvents;
  /** Resolves when no append is under way. */
  idle(): Promise<void>;
}

const bytesOf = (kept: KeptPayloads | undefined): number => {
  let bytes = 0;
  for (const payload of Object.values(kept ?? {})) bytes += JSON.stringify(payload).length;
  return bytes;
};

export const createEsdbAppends = (parts: Parts): EsdbAppends => {
  const inFlight = createInFlight(limits);
  const run = (append: Append, bytes: number): Promise<Appended> => {
    const task = appendTask(parts, append);
    return inFlight.run(append.outer, bytes, () => persist(parts.connection, parts.tuning, task));
  };
  return {
    append: async (stream, expected, events, kept = []) => {
      let bytes = checkEvents(stream, events);
      for (const payloads of kept) bytes += bytesOf(payloads);
      const wireEvents = events.map((event, index) => wireEventOf(event, kept[index]));
      const outer = parts.names.outer(stream);
      return run({ stream, outer, expected, events: wireEvents }, bytes);
    },
    send: (outer, expected, events, bytes) =>
      run({ stream: outer, outer, expected, events }, bytes),
    idle: inFlight.idle,
  };
};
