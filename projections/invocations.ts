import type { Recorded } from '../src/domain/events.ts';
import type { DeathReason } from '../src/domain/facts/invocation-facts.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../src/domain/retry-policy.ts';
import { boundedAnswer, boundedFailure, type FoundAnswer, type FoundFailure } from './bounded.ts';
import { defineProjection } from './projection.ts';

export interface Attempt {
  readonly attempt: number;
  readonly attemptId: string;
  readonly claimedBy: string;
  readonly startedAt: string;
  /** Of the trigger and the function, as it was sent; null where an earlier release sent it. */
  readonly versions: { readonly trigger: number; readonly function: number } | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'lost' | 'cancelled';
  /** Of the answer, where there was one. */
  readonly status: number | null;
  readonly failure: FoundFailure | null;
  /** When the next attempt is due, if this one earned one. */
  readonly retryAt: string | null;
  /** Of its start in the log, and of its end. */
  readonly position: string;
  readonly endPosition: string | null;
}

export type InvocationStatus =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'dead'
  | 'cancelled';

export interface InvocationDocument {
  readonly invocationId: string;
  readonly workspace: string;
  readonly triggerId: string;
  readonly triggerVersion: number;
  readonly functionId: string;
  readonly arrivalId: string;
  readonly correlationId: string;
  readonly orderingKey: string | null;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly status: InvocationStatus;
  /** Place of its `InvocationQueued` in the log: lists are in this order. */
  readonly position: string;
  /** Of the last fact about it. */
  readonly lastPosition: string;
  /** Of its outcome; `notEnded` while it has none. */
  readonly endPosition: string;
  readonly queuedAt: string;
  /** Of the first attempt. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When a waiting one may start again. */
  readonly dueAt: string | null;
  /** Attempts started; `attempts` has the last hundred of them. */
  readonly attempt: number;
  readonly attempts: readonly Attempt[];
  readonly result: FoundAnswer | null;
  readonly policy: RetryPolicy;
  /** Why it is dead or cancelled. */
  readonly reason: DeathReason | string | null;
  readonly retryOf: string | null;
  /** The replay that it is part of. */
  readonly replayId: string | null;
  /** The last hundred invocations that repeat this one. */
  readonly retriedAs: readonly string[];
}

/** Sorts behind every position, so that what is open at a place ends behind it. */
export const notEnded = '~';

/** What a document can grow to is bounded; the log has the rest. */
const listLimit = 100;
const answerLimit = 16_384;
export const failureLimit = 1_024;

type Ending = Partial<
  Omit<Attempt, 'attempt' | 'attemptId' | 'claimedBy' | 'startedAt' | 'position'>
>;

/** An attempt ends once; what is recorded about it later does not change it. */
const ended = (
  { attempts }: InvocationDocument,
  { metadata: { occurredAt }, position }: Pick<Recorded, 'metadata' | 'position'>,
  ending: Ending,
): readonly Attempt[] => {
  const last = attempts.at(-1);
  return last?.outcome === 'running'
    ? [...attempts.slice(0, -1), { ...last, endedAt: occurredAt, endPosition: position, ...ending }]
    : attempts;
};

/** Every invocation there ever was, with its attempts and its outcome. */
export const invocations = defineProjection<InvocationDocument>({
  name: 'invocations',
  version: 7,
  key: ({ data }) => ('invocationId' in data ? data.invocationId : undefined),
  begins: ['InvocationQueued'],
  columns: [
    'position',
    'workspace',
    'triggerId',
    'functionId',
    'status',
    'correlationId',
    'arrivalId',
    'queuedAt',
    'replayId',
    'endPosition',
  ],
  indexes: [
    ['workspace'],
    ['triggerId'],
    ['functionId'],
    ['workspace', 'status'],
    ['replayId'],
    ['replayId', 'status'],
    ['workspace', 'endPosition'],
  ],
  rare: ['replayId'],
  ids: ['correlationId', 'arrivalId'],
  keyMember: 'invocationId',
  usually: {
    orderingKey: null,
    dueAt: null,
    reason: null,
    retryOf: null,
    replayId: null,
    retriedAs: [],
    policy: defaultRetryPolicy,
  },
  evolve: {
    InvocationQueued: (_, { data, metadata, position }) => ({
      invocationId: data.invocationId,
      workspace: metadata.workspace,
      triggerId: data.triggerId,
      triggerVersion: data.triggerVersion,
      functionId: data.functionId,
      arrivalId: data.arrivalId,
      correlationId: metadata.$correlationId,
      orderingKey: data.orderingKey,
      maxAttempts: data.policy.maxAttempts,
      timeoutMs: data.timeoutMs,
      status: 'queued',
      position,
      lastPosition: position,
      endPosition: notEnded,
      queuedAt: metadata.occurredAt,
      startedAt: null,
      finishedAt: null,
      dueAt: null,
      attempt: 0,
      attempts: [],
      result: null,
      policy: data.policy,
      reason: null,
      retryOf: data.retryOf,
      replayId: data.replay?.id ?? null,
      retriedAs: [],
    }),
    InvocationStarted: (document, { data, metadata, position }) =>
      document && {
        ...document,
        lastPosition: position,
        status: 'running',
        startedAt: document.startedAt ?? metadata.occurredAt,
        dueAt: null,
        attempt: data.attempt,
        attempts: [
          ...document.attempts.slice(1 - listLimit),
          {
            attempt: data.attempt,
            attemptId: data.attemptId,
            claimedBy: data.claimedBy,
            startedAt: metadata.occurredAt,
            versions: data.versions ?? null,
            endedAt: null,
            durationMs: null,
            outcome: 'running',
            status: null,
            failure: null,
            retryAt: null,
            position,
            endPosition: null,
          },
        ],
      },
    InvocationSucceeded: (document, { data, metadata, position }) =>
      document && {
        ...document,
        lastPosition: position,
        endPosition: position,
        status: 'succeeded',
        finishedAt: metadata.occurredAt,
        attempts: ended(
          document,
          { metadata, position },
          {
            outcome: 'succeeded',
            durationMs: data.durationMs,
            status: data.answer.status,
          },
        ),
        result: boundedAnswer(data.answer, answerLimit, position),
      },
    InvocationFailed: (document, { data, metadata, position }) =>
      document && {
        ...document,
        lastPosition: position,
        status: 'waiting',
        dueAt: data.retryAt,
        attempts: ended(
          document,
          { metadata, position },
          {
            outcome: 'failed',
            durationMs: data.durationMs,
            status: data.failure.status,
            failure: boundedFailure(data.failure, failureLimit, position),
            retryAt: data.retryAt,
          },
        ),
      },
    AttemptLost: (document, { data, metadata, position }) =>
      document && {
        ...document,
        lastPosition: position,
        status: 'waiting',
        dueAt: data.retryAt,
        attempts: ended(
          document,
          { metadata, position },
          { outcome: 'lost', retryAt: data.retryAt },
        ),
      },
    InvocationDeadLettered: (document, { data, metadata, position }) =>
      document && {
        ...document,
        lastPosition: position,
        endPosition: position,
        status: 'dead',
        finishedAt: metadata.occurredAt,
        dueAt: null,
        reason: data.reason,
        attempts: ended(
          document,
          { metadata, position },
          {
            outcome: 'failed',
            durationMs: data.durationMs,
            status: data.failure.status,
            failure: boundedFailure(data.failure, failureLimit, position),
          },
        ),
      },
    InvocationCancelled: (document, { data, metadata, position }) =>
      document && {
        ...document,
        lastPosition: position,
        endPosition: position,
        status: 'cancelled',
        finishedAt: metadata.occurredAt,
        dueAt: null,
        reason: data.reason,
        attempts: ended(document, { metadata, position }, { outcome: 'cancelled' }),
      },
    InvocationRetried: (document, { data, position }) =>
      document && {
        ...document,
        lastPosition: position,
        retriedAs: [...document.retriedAs.slice(1 - listLimit), data.retriedAs],
      },
  },
});
