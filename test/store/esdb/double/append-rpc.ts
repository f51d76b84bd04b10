import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  ServerDuplexStream,
} from '@grpc/grpc-js';
import type { EventMetadata } from '../../../../src/domain/recorded.ts';
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  NewEvent,
} from '../../../../src/store/event-store.ts';
import { WrongExpectedRevision } from '../../../../src/store/wrong-expected-revision.ts';
import { type AppendFault, type Faults, neverAnswers, storesFirst } from './faults.ts';
import { batchError, batchFault, classicFault, errorOf, killed, notLeader } from './wire-errors.ts';
import { identifierOf, streamOf, uuidOf } from './wire-names.ts';
import { toWire } from './wire-position.ts';

type Proposed = messages.AppendReq.ProposedMessage | messages.BatchAppendReq.ProposedMessage;

/** What the double has noticed. */
export interface Seen {
  /** Appends that came in, retries included. */
  appends: number;
  appendsAtOnce: number;
  mostAppendsAtOnce: number;
  /** How often a subscriber was told that it has caught up. */
  caughtUps: number;
}

export interface DoubleContext {
  readonly store: EventStore;
  readonly faults: Faults;
  /** The port the double listens on. */
  readonly port: number;
  readonly seen: Seen;
  /** Calls that the server has not ended. */
  readonly openCalls: Set<{ end(): unknown }>;
  /** Streams whose next append brings them back. */
  readonly softDeleted: Set<string>;
}

const parsed = (bytes: Uint8Array): object =>
  bytes.length === 0 ? {} : JSON.parse(Buffer.from(bytes).toString('utf8'));

const isBinary = (proposed: Proposed): boolean =>
  proposed.getMetadataMap().get('content-type') === 'application/octet-stream';

/** Stores of ours keep JSON; bytes are told by this one member. */
export const binaryMember = '@binary';

const newEventOf = (proposed: Proposed): NewEvent => ({
  id: proposed.getId()?.getString() ?? '',
  type: proposed.getMetadataMap().get('type') ?? '',
  data: isBinary(proposed)
    ? { [binaryMember]: Buffer.from(proposed.getData_asU8()).toString('base64') }
    : parsed(proposed.getData_asU8()),
  metadata: parsed(proposed.getCustomMetadata_asU8()) as EventMetadata,
});

interface Options {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

export const expectedOf = (options: Options, revision: () => string): ExpectedRevision => {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : Number(revision());
};

export const metadataEvent = (data: object): NewEvent => ({
  id: randomUUID(),
  type: '$metadata',
  data,
  metadata: {} as EventMetadata,
});

/** `$metadata` events are what stream metadata is on the server. */
export const applyMetadata = async (
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
): Promise<void> => {
  const last = events.at(-1);
  if (!stream.startsWith('@@') || last === undefined) return;
  const { $maxCount, $maxAge } = last.data as { $maxCount?: number; $maxAge?: number };
  await store.setStreamMetadata(stream.slice(2), {
    ...($maxCount === undefined ? {} : { maxCount: $maxCount }),
    ...($maxAge === undefined ? {} : { maxAge: $maxAge }),
  });
};

/** A stream that comes back keeps what it had hidden, by the metadata the server writes then. */
const bringBack = async ({ store, softDeleted }: DoubleContext, stream: string, first: number) => {
  if (!softDeleted.delete(stream)) return;
  const metadata = { $tb: first };
  await store.append(`@@${stream}`, 'any', [metadataEvent(metadata)]);
};

const append = async (
  context: DoubleContext,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  fault: AppendFault | undefined,
): Promise<Appended | undefined> => {
  const { store, faults, seen } = context;
  seen.appends += 1;
  seen.appendsAtOnce += 1;
  seen.mostAppendsAtOnce = Math.max(seen.mostAppendsAtOnce, seen.appendsAtOnce);
  try {
    if (faults.delayMs > 0) await new Promise((done) => setTimeout(done, faults.delayMs));
    if (fault === 'ids-forgotten') throw new WrongExpectedRevision(stream, expected, 0);
    if (fault !== undefined && !storesFirst(fault)) return undefined;
    const appended = await store.append(stream, expected, events);
    await applyMetadata(store, stream, events);
    await bringBack(context, stream, appended.revision - events.length + 1);
    return appended;
  } finally {
    seen.appendsAtOnce -= 1;
  }
};

const batchSuccess = ({ revision, position }: Appended): messages.BatchAppendResp.Success => {
  const success = new messages.BatchAppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) return success;
  const { commit, prepare } = toWire(position);
  return success.setPosition(
    new shared.AllStreamPosition().setCommitPosition(commit).setPreparePosition(prepare),
  );
};

type BatchCall = ServerDuplexStream<messages.BatchAppendReq, messages.BatchAppendResp>;

const killsTheStream = (fault: AppendFault | undefined): boolean =>
  fault === 'not-leader' ||
  fault === 'killed-before-storing' ||
  fault === 'killed-after-storing' ||
  fault === 'cancelled-after-storing';

const answerBatch = async (
  context: DoubleContext,
  call: BatchCall,
  correlationId: string,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<void> => {
  const fault = context.faults.append.shift();
  const answer = new messages.BatchAppendResp()
    .setCorrelationId(uuidOf(correlationId))
    .setStreamIdentifier(identifierOf(stream));
  try {
    const appended = await append(context, stream, expected, events, fault);
    if (fault !== undefined && killsTheStream(fault)) {
      call.emit('error', fault === 'not-leader' ? notLeader(context.port) : killed(fault));
      return;
    }
    if (fault !== undefined && neverAnswers(fault)) return;
    if (fault !== undefined) answer.setError(batchFault(fault));
    else if (appended !== undefined) answer.setSuccess(batchSuccess(appended));
  } catch (error) {
    answer.setError(batchError(error, stream));
  }
  if (!call.cancelled && !call.destroyed) call.write(answer);
};

/** A batch append's deadline is an instant, which the server compares with its own clock. */
const isTooLate = (
  { faults }: DoubleContext,
  options: messages.BatchAppendReq.Options,
): boolean => {
  const deadline = options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY;
  return deadline <= Date.now() + faults.clockAheadMs;
};

const tooLate = (correlationId: string, stream: string): messages.BatchAppendResp =>
  new messages.BatchAppendResp()
    .setCorrelationId(uuidOf(correlationId))
    .setStreamIdentifier(identifierOf(stream))
    .setError(batchFault('timeout-after-storing'));

/** Appends are collected by correlation id until the final part; each is answered on its own. */
export const batchAppend =
  (
    context: DoubleContext,
  ): handleBidiStreamingCall<messages.BatchAppendReq, messages.BatchAppendResp> =>
  (call) => {
    context.openCalls.add(call);
    call.once('close', () => context.openCalls.delete(call));
    call.once('cancelled', () => context.openCalls.delete(call));
    const parts = new Map<
      string,
      { options: messages.BatchAppendReq.Options; events: NewEvent[] }
    >();
    call.on('data', (request: messages.BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const options = request.getOptions() ?? parts.get(id)?.options;
      if (options === undefined) return;
      const events = [
        ...(parts.get(id)?.events ?? []),
        ...request.getProposedMessagesList().map(newEventOf),
      ];
      parts.set(id, { options, events });
      if (!request.getIsFinal()) return;
      parts.delete(id);
      const stream = streamOf(options.getStreamIdentifier());
      if (isTooLate(context, options)) {
        call.write(tooLate(id, stream));
        return;
      }
      const expected = expectedOf(options, () => options.getStreamPosition());
      void answerBatch(context, call, id, stream, expected, events);
    });
    call.on('end', () => call.end());
    call.on('error', () => {});
  };

const classicSuccess = ({ revision, position }: Appended): messages.AppendResp => {
  const success = new messages.AppendResp.Success().setCurrentRevision(String(revision));
  if (position !== undefined) {
    const { commit, prepare } = toWire(position);
    success.setPosition(
      new messages.AppendResp.Position().setCommitPosition(commit).setPreparePosition(prepare),
    );
  }
  return new messages.AppendResp().setSuccess(success);
};

const classicConflict = (actual: number | 'no_stream'): messages.AppendResp => {
  const conflict = new messages.AppendResp.WrongExpectedVersion();
  if (actual !== 'no_stream') conflict.setCurrentRevision(String(actual));
  return new messages.AppendResp().setWrongExpectedVersion(conflict);
};

type ClassicCallback = Parameters<
  handleClientStreamingCall<messages.AppendReq, messages.AppendResp>
>[1];

const answerClassic = async (
  context: DoubleContext,
  callback: ClassicCallback,
  [stream, expected, events]: [string, ExpectedRevision, readonly NewEvent[]],
  fault: AppendFault | undefined,
): Promise<void> => {
  try {
    const appended = await append(context, stream, expected, events, fault);
    if (fault !== undefined && neverAnswers(fault)) return;
    if (fault !== undefined) callback(classicFault(fault, context.port));
    else if (appended !== undefined) callback(null, classicSuccess(appended));
  } catch (error) {
    if (error instanceof WrongExpectedRevision) callback(null, classicConflict(error.actual));
    else callback(errorOf(error, stream));
  }
};

export const classicAppend =
  (context: DoubleContext): handleClientStreamingCall<messages.AppendReq, messages.AppendResp> =>
  (call, callback) => {
    const events: NewEvent[] = [];
    let options: messages.AppendReq.Options | undefined;
    call.on('data', (request: messages.AppendReq) => {
      options = request.getOptions() ?? options;
      const proposed = request.getProposedMessage();
      if (proposed) events.push(newEventOf(proposed));
    });
    call.on('error', () => {});
    call.on('end', () => {
      if (options === undefined) return;
      const given = options;
      const stream = streamOf(given.getStreamIdentifier());
      const expected = expectedOf(given, () => given.getRevision());
      const fault = context.faults.append.shift();
      void answerClassic(context, callback, [stream, expected, events], fault);
    });
  };
