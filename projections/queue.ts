import type { RetryPolicy } from '../src/domain/retry-policy.ts';
import { defineProjection } from './projection.ts';

/** An invocation that has not ended. */
export interface QueueEntry {
  readonly invocationId: string;
  readonly workspace: string;
  readonly triggerId: string;
  readonly functionId: string;
  readonly arrivalId: string;
  readonly orderingKey: string | null;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number;
  /** The version of the trigger that it is sent, where that is not the present one. */
  readonly pinnedTo?: number;
  /** The replay that it is part of. */
  readonly replayId?: string;
  readonly correlationId: string;
  /** Place of its `InvocationQueued` in the log: the order in which it may start. */
  readonly queuedAt: string;
  readonly status: 'queued' | 'running' | 'waiting';
  /** The last attempt started; 0 before the first. */
  readonly attempt: number;
  readonly attemptId: string | null;
  /** Attempts that ended and count against the limit. */
  readonly used: number;
  readonly claimedBy: string | null;
  readonly leaseUntil: string | null;
  /** Id of its last fact: what comes next is caused by it. */
  readonly factId: string;
  /** Its writer's clock at that fact: what `dueAt` and `leaseUntil` were counted from. */
  readonly since: string;
  /** When a waiting one may start again. */
  readonly dueAt: string | null;
}

const ended = () => undefined;

/** What is still to be done: one document per invocation until its outcome is recorded. */
export const queue = defineProjection<QueueEntry>({
  name: 'queue',
  version: 3,
  key: ({ data }) => ('invocationId' in data ? data.invocationId : undefined),
  evolve: {
    InvocationQueued: (_, { id, data, metadata, position }) => ({
      invocationId: data.invocationId,
      workspace: metadata.workspace,
      triggerId: data.triggerId,
      functionId: data.functionId,
      arrivalId: data.arrivalId,
      orderingKey: data.orderingKey,
      policy: data.policy,
      timeoutMs: data.timeoutMs,
      ...(data.pinnedTo !== undefined && { pinnedTo: data.pinnedTo }),
      ...(data.replay && { replayId: data.replay.id }),
      correlationId: metadata.$correlationId,
      queuedAt: position,
      factId: id,
      since: metadata.occurredAt,
      status: 'queued',
      attempt: 0,
      attemptId: null,
      used: 0,
      claimedBy: null,
      leaseUntil: null,
      dueAt: null,
    }),
    InvocationStarted: (entry, { id, data, metadata }) =>
      entry && {
        ...entry,
        factId: id,
        since: metadata.occurredAt,
        status: 'running',
        attempt: data.attempt,
        attemptId: data.attemptId,
        claimedBy: data.claimedBy,
        leaseUntil: data.leaseUntil,
        dueAt: null,
      },
    InvocationFailed: (entry, { id, data, metadata }) =>
      entry && {
        ...entry,
        factId: id,
        since: metadata.occurredAt,
        status: 'waiting',
        used: entry.used + (data.failure.kind === 'shutdown' ? 0 : 1),
        claimedBy: null,
        leaseUntil: null,
        dueAt: data.retryAt,
      },
    AttemptLost: (entry, { id, data, metadata }) =>
      entry && {
        ...entry,
        factId: id,
        since: metadata.occurredAt,
        status: 'waiting',
        used: entry.used + 1,
        claimedBy: null,
        leaseUntil: null,
        dueAt: data.retryAt,
      },
    InvocationSucceeded: ended,
    InvocationDeadLettered: ended,
    InvocationCancelled: ended,
  },
});
