import type { Fact, Failure } from '../../src/domain/events.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';

export const now = '2026-11-21T12:00:00.000Z';

export const timeout: Failure = { kind: 'timeout', message: 'no answer', status: null, body: null };
export const shutdown: Failure = { ...timeout, kind: 'shutdown' };
const body = { encoding: 'utf8', content: '{}' } as const;
export const answer = { status: 200, contentType: null, body, truncated: false };

export const arrived = {
  type: 'EventArrived',
  data: {
    arrivalId: 'arrival-1',
    source: { kind: 'webhook', key: '/github' },
    deliveryId: 'delivery-1',
    request: null,
    verification: null,
    body,
    bodySha256: 'ab',
  },
} as const;
export const repeated = {
  type: 'DeliveryRepeated',
  data: { arrivalId: 'arrival-1', sameBody: true, remote: null },
} as const;
export const arrivalFacts: readonly Fact[] = [arrived, repeated];

const invocation = { invocationId: 'invocation-1', triggerId: 'trigger-1' };
const attempt = { ...invocation, attempt: 1, attemptId: 'attempt-1' };

export const queued = {
  type: 'InvocationQueued',
  data: {
    ...invocation,
    functionId: 'function-1',
    arrivalId: 'arrival-1',
    triggerVersion: 1,
    orderingKey: null,
    policy: defaultRetryPolicy,
    timeoutMs: 1_000,
    retryOf: null,
  },
} as const;
export const started = {
  type: 'InvocationStarted',
  data: { ...attempt, claimedBy: 'owner-1', leaseUntil: now },
} as const;
export const succeeded = {
  type: 'InvocationSucceeded',
  data: { ...attempt, durationMs: 5, answer },
} as const;
export const failed = {
  type: 'InvocationFailed',
  data: { ...attempt, durationMs: 5, failure: timeout, retryAt: now },
} as const;
export const interrupted = {
  type: 'InvocationFailed',
  data: { ...attempt, durationMs: 5, failure: shutdown, retryAt: now },
} as const;
export const lost = { type: 'AttemptLost', data: { ...attempt, retryAt: now } } as const;
export const deadLettered = {
  type: 'InvocationDeadLettered',
  data: {
    ...invocation,
    attempt: 1,
    durationMs: 5,
    reason: 'attempts-exhausted',
    failure: timeout,
  },
} as const;
export const cancelled = {
  type: 'InvocationCancelled',
  data: { ...invocation, attempt: 1, reason: 'by hand' },
} as const;
export const retried = {
  type: 'InvocationRetried',
  data: { ...invocation, retriedAs: 'invocation-2' },
} as const;
export const invocationFacts: readonly Fact[] = [
  queued,
  started,
  succeeded,
  failed,
  interrupted,
  lost,
  deadLettered,
  cancelled,
  retried,
];
