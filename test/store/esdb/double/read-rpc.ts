import messages from '@eventstore/db-client/generated/streams_pb.js';
import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { isTriplineError } from '../../../../src/domain/errors.ts';
import { beginning, type Position } from '../../../../src/domain/position.ts';
import type { StoredEvent } from '../../../../src/domain/recorded.ts';
import { binaryMember, type DoubleContext } from './append-rpc.ts';
import { errorOf, trailers } from './wire-errors.ts';
import { identifierOf, streamOf, uuidOf, wireNameOf } from './wire-names.ts';
import { fromWire, toWire } from './wire-position.ts';

type ReadCall = ServerWritableStream<messages.ReadReq, messages.ReadResp>;

const pageSize = 500;

const bytesIn = (data: unknown): Buffer | undefined =>
  typeof data === 'object' && data !== null && binaryMember in data
    ? Buffer.from(String(data[binaryMember]), 'base64')
    : undefined;

const recordOf = (event: StoredEvent, aheadMs: number): messages.ReadResp => {
  const { commit, prepare } = toWire(event.position);
  const bytes = bytesIn(event.data);
  const record = new messages.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(commit)
    .setPreparePosition(prepare)
    .setData(bytes ?? Buffer.from(JSON.stringify(event.data), 'utf8'))
    .setCustomMetadata(
      // Other products' events may have none at all.
      event.metadata === null ? '' : Buffer.from(JSON.stringify(event.metadata), 'utf8'),
    );
  record
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', bytes === undefined ? 'application/json' : 'application/octet-stream')
    .set('created', String(BigInt(Date.parse(event.recordedAt) + aheadMs) * 10_000n));
  return new messages.ReadResp().setEvent(
    new messages.ReadResp.ReadEvent().setEvent(record).setCommitPosition(commit),
  );
};

/** Writes as fast as the client takes it; false once the client has gone. */
const send = async (call: ReadCall, message: messages.ReadResp): Promise<boolean> => {
  if (call.cancelled || call.destroyed) return false;
  if (call.write(message)) return true;
  await new Promise<void>((resume) => {
    const events = ['drain', 'cancelled', 'close'];
    const go = (): void => {
      for (const event of events) call.off(event, go);
      resume();
    };
    for (const event of events) call.on(event, go);
  });
  return !call.cancelled;
};

const sendAll = async (
  call: ReadCall,
  { faults }: DoubleContext,
  events: readonly StoredEvent[],
): Promise<boolean> => {
  for (const event of events) {
    if (!(await send(call, recordOf(event, faults.clockAheadMs)))) return false;
  }
  return true;
};

const directionOf = (options: messages.ReadReq.Options) =>
  options.getReadDirection() === messages.ReadReq.Options.ReadDirection.BACKWARDS
    ? 'backwards'
    : 'forwards';

const readStream = async (
  call: ReadCall,
  context: DoubleContext,
  options: messages.ReadReq.Options,
): Promise<void> => {
  const wanted = options.getStream();
  const stream = streamOf(wanted?.getStreamIdentifier());
  const direction = directionOf(options);
  const from = wanted?.hasStart()
    ? 'start'
    : wanted?.hasEnd()
      ? 'end'
      : Number(wanted?.getRevision());
  const maxCount = Math.min(Number(options.getCount()), 1_000_000);
  await sendAll(
    call,
    context,
    await context.store.readStream(stream, { from, direction, maxCount }),
  );
};

type From = Position | 'start' | 'end';

const fromOf = (all: messages.ReadReq.Options.AllOptions | undefined): From => {
  if (all?.hasStart()) return 'start';
  if (all?.hasEnd()) return 'end';
  const commit = all?.getPosition()?.getCommitPosition() ?? '';
  const prepare = all?.getPosition()?.getPreparePosition() ?? '';
  const position = fromWire({ commit, prepare });
  if (position === undefined) throw trailers(status.INVALID_ARGUMENT, 'Invalid position');
  return position;
};

const readAll = async (
  call: ReadCall,
  context: DoubleContext,
  options: messages.ReadReq.Options,
): Promise<void> => {
  const direction = directionOf(options);
  let left = Number(options.getCount());
  let from: From = fromOf(options.getAll());
  let skip: Position | undefined;
  while (left > 0) {
    const page = await context.store.readAll({ from, direction, maxCount: pageSize });
    const events = page.filter(({ position }) => position !== skip).slice(0, left);
    if (!(await sendAll(call, context, events))) return;
    const last = events.at(-1);
    if (last === undefined) return;
    left -= events.length;
    from = last.position;
    skip = last.position;
  }
};

const isServiceError = (error: unknown): boolean =>
  error instanceof Error && 'details' in error && !isTriplineError(error);

type Filter = (event: StoredEvent) => boolean;

const filterOf = (filter: messages.ReadReq.Options.FilterOptions | undefined): Filter => {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (expression === undefined) return () => true;
  const subject = filter?.hasStreamIdentifier()
    ? (event: StoredEvent) => wireNameOf(event.stream)
    : (event: StoredEvent) => event.type;
  const prefixes = expression.getPrefixList();
  const regex = new RegExp(expression.getRegex());
  return (event) =>
    prefixes.length > 0
      ? prefixes.some((prefix) => subject(event).startsWith(prefix))
      : regex.test(subject(event));
};

const checkpointOf = (position: Position): messages.ReadResp => {
  const { commit, prepare } = toWire(position);
  return new messages.ReadResp().setCheckpoint(
    new messages.ReadResp.Checkpoint().setCommitPosition(commit).setPreparePosition(prepare),
  );
};

const subscribe = (
  call: ReadCall,
  { store, seen, faults }: DoubleContext,
  options: messages.ReadReq.Options,
): void => {
  const matches = filterOf(options.getFilter());
  const interval =
    Math.max(options.getFilter()?.getCheckpointintervalmultiplier() ?? 1, 1) *
    (options.getFilter()?.getMax() || 32);
  let considered = 0;
  let last: Position = beginning;
  const consider = async (event: StoredEvent): Promise<void> => {
    considered += 1;
    last = event.position;
    if (matches(event)) await send(call, recordOf(event, faults.clockAheadMs));
    if (considered % interval === 0) await send(call, checkpointOf(last));
  };
  call.write(
    new messages.ReadResp().setConfirmation(
      new messages.ReadResp.SubscriptionConfirmation().setSubscriptionId('double'),
    ),
  );
  const subscription = store.subscribeAll(
    { from: fromOf(options.getAll()) },
    {
      onEvents: async (events) => {
        for (const event of events) await consider(event);
      },
      onCaughtUp: () => {
        if (call.cancelled || call.destroyed) return;
        if (last !== beginning) call.write(checkpointOf(last));
        seen.caughtUps += 1;
        call.write(new messages.ReadResp().setCaughtUp(new messages.ReadResp.CaughtUp()));
      },
      onDropped: () => call.end(),
    },
  );
  const leave = (): void => void subscription.unsubscribe();
  call.once('cancelled', leave);
  call.once('close', leave);
};

/** One RPC for streams, the log and subscriptions, told apart by its options. */
export const read =
  (context: DoubleContext): handleServerStreamingCall<messages.ReadReq, messages.ReadResp> =>
  (call) => {
    const { faults, openCalls } = context;
    const options = call.request.getOptions() ?? new messages.ReadReq.Options();
    const fault = faults.read.shift();
    call.on('error', () => {});
    openCalls.add(call);
    for (const event of ['close', 'finish', 'cancelled', 'error']) {
      call.once(event, () => openCalls.delete(call));
    }
    if (fault === 'hang') return;
    if (fault === 'wrong-password') {
      call.emit('error', trailers(status.UNAUTHENTICATED, 'Unauthenticated'));
      return;
    }
    if (fault === 'denied') {
      const entries = { exception: 'access-denied' };
      call.emit('error', trailers(status.PERMISSION_DENIED, 'Access Denied', entries));
      return;
    }
    if (fault === 'unavailable') {
      call.emit('error', trailers(status.UNAVAILABLE, 'Connection dropped'));
      return;
    }
    const work = async (): Promise<void> => {
      if (options.hasSubscription()) return subscribe(call, context, options);
      await (options.hasStream()
        ? readStream(call, context, options)
        : readAll(call, context, options));
      call.end();
    };
    work().catch((error: unknown) => {
      const stream = streamOf(options.getStream()?.getStreamIdentifier());
      if (!isTriplineError(error, 'stream-not-found')) {
        call.emit('error', isServiceError(error) ? error : errorOf(error, stream));
        return;
      }
      call.write(
        new messages.ReadResp().setStreamNotFound(
          new messages.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)),
        ),
      );
      call.end();
    });
  };
