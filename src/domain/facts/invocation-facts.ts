import { z } from 'zod';
import { RetryPolicy } from '../retry-policy.ts';
import { KeptAnswer } from './answer.ts';
import { fact, Id, Instant } from './fact.ts';
import { KeptFailure } from './failure.ts';

/** Why an invocation ended without success. */
export const DeathReason = z.enum([
  'attempts-exhausted',
  /** The last attempt was under way when its process was lost: the target may have been called. */
  'attempt-lost',
  'not-retryable',
  'gone',
  'function-not-found',
  'payload-forgotten',
]);
export type DeathReason = z.infer<typeof DeathReason>;

const invocation = { invocationId: Id, triggerId: Id };
const attempt = { ...invocation, attempt: z.int().min(1), attemptId: Id };

/** What a repetition takes over of the one that it repeats. */
const Repeated = z.object({
  functionId: z.string().min(1),
  arrivalId: Id,
  triggerVersion: z.int().min(1),
  orderingKey: z.string().nullable(),
  timeoutMs: z.int().min(1),
  policy: RetryPolicy,
  correlationId: z.string(),
  pinnedTo: z.int().min(1).optional(),
});

export const invocationFacts = {
  InvocationQueued: fact(1, {
    ...invocation,
    functionId: z.string().min(1),
    arrivalId: Id,
    triggerVersion: z.int().min(1),
    /** Invocations of one trigger with equal keys run one after the other. */
    orderingKey: z.string().nullable(),
    policy: RetryPolicy,
    timeoutMs: z.int().min(1),
    /** The ended invocation this one repeats by an operator's wish. */
    retryOf: Id.nullable(),
    /** It is sent this version of the trigger, whatever became of it; else the one of each attempt. */
    pinnedTo: z.int().min(1).optional(),
    /** It delivers again what led to other invocations before. */
    replay: z
      .object({
        id: Id,
        /** The dead invocation that it makes up for. */
        repeats: Id.nullable(),
      })
      .optional(),
  }),
  InvocationStarted: fact(1, {
    ...attempt,
    claimedBy: Id,
    leaseUntil: Instant,
    /** What it is sent, of the trigger and of the function. Absent in logs of earlier releases. */
    versions: z.object({ trigger: z.int().min(1), function: z.int().min(1) }).optional(),
  }),
  InvocationSucceeded: fact(2, { ...attempt, durationMs: z.number(), answer: KeptAnswer }),
  InvocationFailed: fact(2, {
    ...attempt,
    durationMs: z.number(),
    failure: KeptFailure,
    retryAt: Instant,
  }),
  /** The process that ran it is gone; whether the target was called is not known. */
  AttemptLost: fact(1, { ...attempt, retryAt: Instant }),
  InvocationDeadLettered: fact(2, {
    ...invocation,
    /** Absent in records of earlier releases. */
    functionId: Id.optional(),
    attempt: z.int().min(0),
    durationMs: z.number().nullable(),
    reason: DeathReason,
    failure: KeptFailure,
  }),
  InvocationCancelled: fact(1, { ...invocation, attempt: z.int().min(0), reason: z.string() }),
  /** By an instance that does not own the invocation's lane; its owner takes it up. */
  CancelAsked: fact(1, { invocationId: Id, reason: z.string() }),
  /** An operator asked for an ended invocation once more: a new invocation, this one stays as it is. */
  InvocationRetried: fact(1, {
    ...invocation,
    retriedAs: Id,
    /** What the new one takes over. Absent in logs of earlier releases, whose streams have it. */
    repeats: Repeated.optional(),
  }),
};
