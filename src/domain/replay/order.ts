import { z } from 'zod';

const Id = z.string().min(1).max(64);

/** What became of a trigger's part in an arrival, by the latest invocation of it. */
export const ReplayOutcome = z.enum([
  'dead',
  'cancelled',
  'dropped',
  'not-matched',
  'withheld',
  'succeeded',
]);
export type ReplayOutcome = z.infer<typeof ReplayOutcome>;

/** Why an arrival, or a trigger's part in it, is not delivered again. */
export const SkipReason = z.enum([
  /** It was invoked with success before. */
  'succeeded',
  /** An invocation of it has not ended. */
  'under-way',
  /** No trigger is concerned, or none of those that are wanted. */
  'not-matched',
  'trigger-deleted',
  'trigger-paused',
  'trigger-suspended',
  'function-deleted',
  'secret-unreadable',
  'payload-forgotten',
]);
export type SkipReason = z.infer<typeof SkipReason>;

/** Among what arrived between the ends of the range; all of these must hold. */
const Arrivals = z.object({
  ids: z.array(Id).optional(),
  source: z.object({ kind: z.string(), key: z.string().optional() }).optional(),
  deliveryId: z.string().optional(),
  outcomes: z.array(ReplayOutcome).optional(),
});

/** Among what died between the ends of the range. */
const DeadLetters = z.object({
  triggerId: z.string().optional(),
  functionId: z.string().optional(),
  reason: z.string().optional(),
  failureKind: z.string().optional(),
});

/** What is to be delivered again, and how. */
export const ReplayOrder = z.object({
  /** Places in the log: behind the one, which is empty at the beginning, up to and with the other. */
  after: z.string(),
  upTo: z.string(),
  among: z.union([z.object({ arrivals: Arrivals }), z.object({ deadLetters: DeadLetters })]),
  /** Of the triggers concerned: all, these, or those that are bound to this function. */
  only: z.union([
    z.object({ matched: z.literal(true) }),
    z.object({ triggers: z.array(Id) }),
    z.object({ function: Id }),
  ]),
  versions: z.enum(['as-then', 'as-now']),
  /**
   * `catch-up`: what is missing to a trigger that came later. What does not concern it is passed over
   * in silence, and while it is stopped its events wait, as those that are live do.
   */
  mode: z.enum(['only-missing', 'force', 'catch-up']),
  /** Null: as fast as it goes. */
  perSecond: z.number().positive().nullable(),
  /** Its invocations that may be open at once. */
  concurrency: z.int().min(1),
});
export type ReplayOrder = z.infer<typeof ReplayOrder>;

export const SkippedByReason = z.partialRecord(SkipReason, z.int().min(1));
export type SkippedByReason = z.infer<typeof SkippedByReason>;
