/**
 * Everything that can be refused or go wrong in a way a caller can act on. The list is closed and
 * codes are never reused; whatever is not in it is a bug and crashes. HTTP statuses live in
 * `http/problems.ts`, not here.
 */
export const errorCodes = [
  'validation-failed',
  'unauthorized',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'conflict',
  'name-taken',
  'path-taken',
  'function-in-use',
  'illegal-transition',
  'precondition-failed',
  'idempotency-key-reused',
  'idempotency-mismatch',
  'request-in-progress',
  'payload-too-large',
  'payload-not-forgettable',
  'unsupported-media-type',
  'backlog-full',
  'too-many-readers',
  'too-many-at-once',
  'wrong-expected-revision',
  'stream-not-found',
  'stream-deleted',
  'corrupt-stream',
  'corrupt-store',
  'secret-unreadable',
  'event-too-large',
  'outcome-unknown',
  'store-unavailable',
  'store-failed',
  'disk-full',
  'data-directory-in-use',
  'data-directory-unusable',
  'cannot-listen',
  'invalid-configuration',
  'keys-unavailable',
  'shutting-down',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetail {
  /** Dotted path of the offending member, as in `triggerMetadata.interval`. */
  readonly field: string;
  readonly message: string;
}

export class TriplineError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];

  constructor(
    code: ErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly details?: readonly ErrorDetail[] },
  ) {
    super(message, options && 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'TriplineError';
    this.code = code;
    this.details = options?.details ?? [];
  }
}

export const isTriplineError = (error: unknown, code?: ErrorCode): error is TriplineError =>
  error instanceof TriplineError && (code === undefined || error.code === code);
