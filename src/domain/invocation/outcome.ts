import type { Answer, KeptAnswer } from '../facts/answer.ts';
import type { Failure, KeptFailure } from '../facts/failure.ts';

export interface FailedCall {
  readonly ok: false;
  readonly durationMs: number;
  readonly failure: Failure;
  /** What the target asked for with `Retry-After`, if it did. */
  readonly retryAfterMs: number | null;
}

/** What came of calling the target once. */
export type CallOutcome =
  | { readonly ok: true; readonly durationMs: number; readonly answer: Answer }
  | FailedCall;

/** The same as it is recorded, where a long answer is no part of it any more. */
export type KeptOutcome =
  | { readonly ok: true; readonly durationMs: number; readonly answer: KeptAnswer }
  | (Omit<FailedCall, 'failure'> & { readonly failure: KeptFailure });

/** A failure without anything to show from the target. */
export const unanswered = (kind: Failure['kind'], message: string): Failure => ({
  kind,
  message,
  status: null,
  body: null,
});

export const failedCall = (failure: Failure, durationMs = 0): FailedCall => ({
  ok: false,
  durationMs,
  failure,
  retryAfterMs: null,
});

/** Of a call that is not begun any more. */
export const shutdownOutcome = failedCall(unanswered('shutdown', 'the server is shutting down'));

export type Verdict =
  | 'retry'
  /** The process is stopping: another attempt at once, and this one does not count. */
  | 'interrupted'
  | 'gone'
  | 'function-not-found'
  | 'payload-forgotten'
  | 'not-retryable';

const verdictOfStatus = (known: number | null, retryStatuses: readonly number[]): Verdict => {
  const status = known ?? 0;
  if (status === 410) return 'gone';
  if (status >= 300 && status < 400) return 'not-retryable';
  if (status >= 400 && status < 500 && !retryStatuses.includes(status)) return 'not-retryable';
  return 'retry';
};

/** Whether trying again may help; how often is the policy's affair. */
export const verdictOn = (
  failure: Pick<Failure, 'kind' | 'status'>,
  retryStatuses: readonly number[],
): Verdict => {
  switch (failure.kind) {
    case 'gone':
      return 'gone';
    case 'shutdown':
      return 'interrupted';
    case 'function-not-found':
      return 'function-not-found';
    case 'payload-forgotten':
      return 'payload-forgotten';
    case 'redirect':
    case 'blocked-address':
    case 'secret-unreadable':
      return 'not-retryable';
    case 'status':
      return verdictOfStatus(failure.status, retryStatuses);
    default:
      return 'retry';
  }
};
