import type { DeathReason } from '../src/domain/facts/invocation-facts.ts';
import { boundedFailure, type FoundFailure } from './bounded.ts';
import { defineProjection } from './projection.ts';

export interface DeadLetter {
  readonly invocationId: string;
  readonly workspace: string;
  readonly triggerId: string;
  /** Null where an earlier release recorded the death. */
  readonly functionId: string | null;
  readonly correlationId: string;
  readonly attempts: number;
  readonly reason: DeathReason;
  readonly failure: FoundFailure;
  readonly failureKind: FoundFailure['kind'];
  readonly diedAt: string;
  /** Place of its death in the log: lists are in this order. */
  readonly position: string;
}

export const failureLimit = 4_096;

/** What ended without success and was not retried or delivered again since. */
export const deadLetters = defineProjection<DeadLetter>({
  name: 'dead-letters',
  version: 4,
  key: ({ type, data }) => {
    if (type === 'InvocationQueued') return data.replay?.repeats ?? undefined;
    return 'invocationId' in data ? data.invocationId : undefined;
  },
  begins: ['InvocationDeadLettered'],
  columns: [
    ...(['position', 'workspace', 'triggerId', 'functionId'] as const),
    ...(['reason', 'failureKind', 'diedAt'] as const),
  ],
  indexes: [['workspace'], ['triggerId'], ['functionId']],
  evolve: {
    InvocationDeadLettered: (_, { data, metadata, position }) => ({
      invocationId: data.invocationId,
      workspace: metadata.workspace,
      triggerId: data.triggerId,
      functionId: data.functionId ?? null,
      correlationId: metadata.$correlationId,
      attempts: data.attempt,
      reason: data.reason,
      failure: boundedFailure(data.failure, failureLimit, position),
      failureKind: data.failure.kind,
      diedAt: metadata.occurredAt,
      position,
    }),
    InvocationRetried: () => undefined,
    InvocationQueued: () => undefined,
  },
});
