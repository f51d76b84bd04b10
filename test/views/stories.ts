import type { DataOf } from '../../src/domain/events.ts';
import type { Failure } from '../../src/domain/facts/failure.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import { instantOf, type Written } from './history.ts';

const bodySha256 = '00'.repeat(32);

export const triggerRegistered = (
  triggerId: string,
  changes: Partial<DataOf<'TriggerRegistered'>> = {},
): Written => ({
  stream: `trigger-${triggerId}`,
  fact: {
    type: 'TriggerRegistered',
    data: {
      triggerId,
      version: 1,
      name: triggerId,
      description: null,
      functionId: 'f1',
      executionType: 'webhook',
      triggerMetadata: { path: triggerId },
      isSystem: false,
      ...changes,
    },
  },
});

export const arrived = (arrivalId: string, content = '{}'): Written => ({
  stream: `arrival-${arrivalId}`,
  fact: {
    type: 'EventArrived',
    data: {
      arrivalId,
      source: { kind: 'webhook', key: 'github' },
      deliveryId: null,
      request: null,
      verification: null,
      body: { encoding: 'utf8', content },
      bodySha256,
    },
  },
});

const invocation = (invocationId: string, fact: Written['fact']): Written => ({
  stream: `invocation-${invocationId}`,
  fact,
});

const ids = (invocationId: string) => ({ invocationId, triggerId: 't1' });
const attemptIds = (invocationId: string, attempt: number) => ({
  ...ids(invocationId),
  attempt,
  attemptId: `${invocationId}/${attempt}`,
});

export const withheld = (
  arrivalId: string,
  ...triggers: DataOf<'EventWithheld'>['triggers']
): Written => ({
  stream: `arrival-${arrivalId}`,
  fact: { type: 'EventWithheld', data: { arrivalId, triggers, total: triggers.length } },
});

export const queued = (
  invocationId: string,
  changes: Partial<DataOf<'InvocationQueued'>> = {},
): Written =>
  invocation(invocationId, {
    type: 'InvocationQueued',
    data: {
      ...ids(invocationId),
      functionId: 'f1',
      arrivalId: 'a1',
      triggerVersion: 1,
      orderingKey: null,
      policy: defaultRetryPolicy,
      timeoutMs: 15_000,
      retryOf: null,
      ...changes,
    },
  });

export const started = (invocationId: string, attempt = 1): Written =>
  invocation(invocationId, {
    type: 'InvocationStarted',
    data: {
      ...attemptIds(invocationId, attempt),
      claimedBy: 'owner',
      leaseUntil: instantOf(1_000),
    },
  });

export const succeeded = (invocationId: string, attempt = 1, content = 'ok'): Written =>
  invocation(invocationId, {
    type: 'InvocationSucceeded',
    data: {
      ...attemptIds(invocationId, attempt),
      durationMs: 12.5,
      answer: {
        status: 200,
        contentType: 'text/plain',
        body: { encoding: 'utf8', content },
        truncated: false,
      },
    },
  });

export const failureOf = (content = 'no'): Failure => ({
  kind: 'status',
  message: 'answered 500',
  status: 500,
  body: { encoding: 'utf8', content },
});

export const failed = (invocationId: string, attempt = 1, content = 'no'): Written =>
  invocation(invocationId, {
    type: 'InvocationFailed',
    data: {
      ...attemptIds(invocationId, attempt),
      durationMs: 7,
      failure: failureOf(content),
      retryAt: instantOf(2_000),
    },
  });

export const lost = (invocationId: string, attempt = 1): Written =>
  invocation(invocationId, {
    type: 'AttemptLost',
    data: { ...attemptIds(invocationId, attempt), retryAt: instantOf(2_000) },
  });

export const dead = (
  invocationId: string,
  attempt = 1,
  reason: DataOf<'InvocationDeadLettered'>['reason'] = 'attempts-exhausted',
): Written =>
  invocation(invocationId, {
    type: 'InvocationDeadLettered',
    data: { ...ids(invocationId), attempt, durationMs: 9, reason, failure: failureOf() },
  });

export const cancelled = (invocationId: string, attempt = 0): Written =>
  invocation(invocationId, {
    type: 'InvocationCancelled',
    data: { ...ids(invocationId), attempt, reason: 'trigger deleted' },
  });

export const retried = (invocationId: string, retriedAs: string): Written =>
  invocation(invocationId, {
    type: 'InvocationRetried',
    data: { ...ids(invocationId), retriedAs },
  });
