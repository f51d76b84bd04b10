import {
  AccessDeniedError,
  DeadlineExceededError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  TimeoutError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import { streamDeleted, streamNotFound } from '../stream-errors.ts';
import type { EsdbEndpoint } from './url.ts';

/** What a rejected call says about what the server did, and about the connection it was made on. */
export type Rejection =
  /** Nothing was done: the stream is elsewhere. */
  | { readonly kind: 'conflict'; readonly actual: number | 'no_stream' }
  /** Nothing was done, and trying again changes nothing. */
  | { readonly kind: 'refused'; readonly error: TriplineError }
  /** Nothing was done, but it may work later. */
  | { readonly kind: 'not-done'; readonly renew: boolean }
  /** Done or not done. `node` is the leader, where the server named it. */
  | { readonly kind: 'unknown'; readonly renew: boolean; readonly node?: EsdbEndpoint };

const refused = (error: TriplineError): Rejection => ({ kind: 'refused', error });

const sizeExceeded = /size.*exceed|exceed.*size/i;
const notRecognised = /^Could not recognize /;
const invalidArgument = 3;

/** Not a number at all from some servers, so it is looked at before it is converted. */
const actualOf = ({ actualVersion }: WrongExpectedVersionError): number | 'no_stream' =>
  typeof actualVersion === 'bigint' && actualVersion >= 0n ? Number(actualVersion) : 'no_stream';

const tooLarge = (stream: string, cause: unknown): Rejection =>
  refused(
    new TriplineError('event-too-large', `the server finds the append to ${stream} too large`, {
      cause,
    }),
  );

const malformed = (cause: unknown): Rejection =>
  refused(new TriplineError('validation-failed', 'the event store refused the call', { cause }));

/** Ours: the connection could not be made, or the answer was not usable. */
const judgeOwn = (error: TriplineError): Rejection =>
  error.code === 'store-unavailable' ? { kind: 'not-done', renew: true } : refused(error);

const judgeRefusal = (error: unknown, stream: string): Rejection | undefined => {
  if (error instanceof StreamNotFoundError) return refused(streamNotFound(stream));
  if (error instanceof StreamDeletedError) return refused(streamDeleted(stream));
  if (error instanceof MaxAppendSizeExceededError) return tooLarge(stream, error);
  if (error instanceof InvalidArgumentError) return malformed(error);
  if (error instanceof AccessDeniedError) {
    const message = `the event store denies access to ${stream}`;
    return refused(new TriplineError('store-unavailable', message, { cause: error }));
  }
  return undefined;
};

/** Answers that the client has no class for. */
const judgeUnnamed = (error: UnknownError, stream: string): Rejection => {
  if (sizeExceeded.test(error.message)) return tooLarge(stream, error);
  if (notRecognised.test(error.message)) return { kind: 'not-done', renew: false };
  if (Number(error.code) === invalidArgument) return malformed(error);
  return { kind: 'unknown', renew: true };
};

/** A write timeout reported by a live server carries no status; a call that ran out of time does. */
const serverIsAlive = (error: unknown): boolean =>
  error instanceof TimeoutError ||
  (error instanceof DeadlineExceededError && error.code === undefined);

/** Everything that is not known to be harmless counts as done or not done. */
export const judgeRejection = (error: unknown, stream: string): Rejection => {
  if (error instanceof WrongExpectedVersionError) {
    return { kind: 'conflict', actual: actualOf(error) };
  }
  if (isTriplineError(error)) return judgeOwn(error);
  const refusal = judgeRefusal(error, stream);
  if (refusal !== undefined) return refusal;
  if (error instanceof UnknownError) return judgeUnnamed(error, stream);
  if (error instanceof NotLeaderError) return { kind: 'unknown', renew: true, node: error.leader };
  if (error instanceof Error && error.message.startsWith('Failed to discover')) {
    return { kind: 'not-done', renew: true };
  }
  return { kind: 'unknown', renew: !serverIsAlive(error) };
};
