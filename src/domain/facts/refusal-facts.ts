import { z } from 'zod';
import { fact, Id, Instant } from './fact.ts';

/** Why a webhook delivery was not taken; the first five are what is wrong with its signature. */
export const RefusalReason = z.enum([
  'missing-signature',
  'malformed-signature',
  /** A secret fits, but the signed time is too far from ours. */
  'stale-timestamp',
  'no-secret',
  'no-match',
  /** No trigger has the path. */
  'unknown-path',
  'too-large',
  'stopped',
  'queue-full',
  'secret-unreadable',
  /** For a reason of the server's own: its store, or that it stops. */
  'unavailable',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

export const refusalFacts = {
  /** A well-formed change by somebody known that was not made. Holds nothing of what was sent. */
  RequestRefused: fact(1, {
    method: z.string(),
    route: z.string(),
    /** The id in the address, if the route has one. */
    target: z.string().nullable(),
    code: z.string(),
    /** Refusals in this workspace since the last one noted that were too many to note. */
    suppressed: z.int().min(0),
  }),

  /**
   * Webhook deliveries that were not taken: one by itself, or how many alike. Holds nothing of what
   * was sent but where to.
   */
  DeliveriesRefused: fact(1, {
    /** Its beginning, where it is long; null where there were too many to be told apart. */
    path: z.string().nullable(),
    /** Whose path it was at that moment. Nothing has become of it, so it goes by another name. */
    trigger: Id.nullable(),
    /** What the sender was answered. */
    status: z.int(),
    reason: RefusalReason,
    /** By how much the signed time was ahead of ours, or behind it (negative); of many the farthest. */
    skewSeconds: z.int().nullable(),
    count: z.int().min(1),
    first: Instant,
    last: Instant,
    /** Who sent it; null where it stands for many. */
    remote: z.string().nullable(),
  }),
};
