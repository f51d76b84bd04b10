import { type ErrorCode, isTriplineError, TriplineError } from '../../domain/errors.ts';
import type { ExpectedRevision } from '../event-store.ts';
import { WrongExpectedRevision } from '../wrong-expected-revision.ts';

/** An error on its way between threads, which would strip it of its class. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly conflict?: readonly [
    stream: string,
    expected: ExpectedRevision,
    actual: number | 'no_stream',
  ];
}

export const toWire = (error: unknown): WireError => {
  if (error instanceof WrongExpectedRevision) {
    const { code, message, stream, expected, actual } = error;
    return { code, message, conflict: [stream, expected, actual] };
  }
  if (isTriplineError(error)) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'store-failed', message: `the store failed: ${message}` };
};

export const fromWire = ({ code, message, conflict }: WireError): TriplineError =>
  conflict === undefined
    ? new TriplineError(code, message)
    : new WrongExpectedRevision(...conflict);
