import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { isTriplineError } from '../../../../src/domain/errors.ts';
import { WrongExpectedRevision } from '../../../../src/store/wrong-expected-revision.ts';
import type { AppendFault } from './faults.ts';
import { wireNameOf } from './wire-names.ts';

/** A gRPC error whose trailers say what the server says in that case. */
export const trailers = (
  code: status,
  details: string,
  entries: Readonly<Record<string, string>> = {},
): ServiceError => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

/** Where the leader would be: the double itself, under its own port. */
export const notLeader = (port: number): ServiceError =>
  trailers(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': '127.0.0.1',
    'leader-endpoint-port': String(port),
  });

export const errorOf = (error: unknown, stream: string, expected = ''): ServiceError => {
  const name = { 'stream-name': wireNameOf(stream) };
  if (error instanceof WrongExpectedRevision) {
    return trailers(status.FAILED_PRECONDITION, 'Append failed due to WrongExpectedVersion.', {
      ...name,
      exception: 'wrong-expected-version',
      'expected-version': expected,
      ...(error.actual === 'no_stream' ? {} : { 'actual-version': String(error.actual) }),
    });
  }
  if (isTriplineError(error, 'stream-deleted')) {
    return trailers(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      ...name,
      exception: 'stream-deleted',
    });
  }
  return trailers(status.UNKNOWN, String(error));
};

export const killed = (fault: AppendFault): ServiceError =>
  fault.startsWith('cancelled')
    ? trailers(status.CANCELLED, 'Operation cancelled by the server')
    : trailers(status.UNAVAILABLE, 'Connection dropped');

/** How the classic call fails; undefined where the fault is none of its errors. */
export const classicFault = (fault: AppendFault, port: number): ServiceError => {
  switch (fault) {
    case 'not-leader':
      return notLeader(port);
    case 'not-ready':
      return trailers(status.UNAVAILABLE, 'Server Is Not Ready');
    case 'access-denied':
      return trailers(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
    case 'maximum-size':
      return trailers(status.INVALID_ARGUMENT, 'Maximum Append Size of 1 Exceeded.', {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': '1',
      });
    case 'event-size':
      return trailers(status.INVALID_ARGUMENT, 'Maximum Append Event Size Exceeded.', {
        exception: 'maximum-append-event-size-exceeded',
      });
    case 'timeout-after-storing':
      return trailers(status.ABORTED, 'Operation timed out');
    default:
      return killed(fault);
  }
};

const statusOf = (
  message: string,
  type: string,
  detail: { serializeBinary(): Uint8Array },
): rpc.Status => {
  const answer = rpc.Status.deserializeBinary(Uint8Array.of(0x1a, 0)).setMessage(message);
  answer.getDetails()?.pack(detail.serializeBinary(), `event_store.client.${type}`);
  return answer;
};

/** How one append of a batch stream fails while the stream itself goes on. */
export const batchFault = (fault: AppendFault): rpc.Status => {
  switch (fault) {
    case 'not-ready':
      return statusOf('Server Is Not Ready', 'NotKnownToTheClient', new shared.Empty());
    case 'access-denied':
      return statusOf('Access Denied', 'AccessDenied', new shared.AccessDenied());
    case 'maximum-size':
      return statusOf(
        'Maximum Append Size Exceeded',
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(1),
      );
    case 'event-size':
      return statusOf(
        'Maximum Append Event Size Exceeded',
        'NotKnownToTheClient',
        new shared.Empty(),
      );
    default:
      return statusOf('Timeout', 'Timeout', new shared.Timeout());
  }
};

export const batchError = (error: unknown, stream: string): rpc.Status => {
  if (error instanceof WrongExpectedRevision) {
    const detail = new shared.WrongExpectedVersion();
    if (error.actual !== 'no_stream') detail.setCurrentStreamRevision(String(error.actual));
    return statusOf('Append failed due to WrongExpectedVersion.', 'WrongExpectedVersion', detail);
  }
  if (isTriplineError(error, 'stream-deleted')) {
    return statusOf(
      `Event stream '${stream}' is deleted.`,
      'StreamDeleted',
      new shared.StreamDeleted(),
    );
  }
  return statusOf(String(error), 'Unknown', new shared.Unknown());
};
