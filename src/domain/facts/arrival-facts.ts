import { z } from 'zod';
import { Payload } from '../payload.ts';
import { PayloadName } from '../payload-name.ts';
import { fact, Id, Instant } from './fact.ts';

/** Where an arrival came in; `key` is what triggers of that kind are indexed by. */
export const Source = z.object({
  kind: z.string().min(1),
  /** A webhook's path, an on-demand trigger's id, … */
  key: z.string(),
});
export type Source = z.infer<typeof Source>;

/** The HTTP request behind a webhook, less the headers that are never stored. */
export const ArrivalRequest = z.object({
  method: z.string(),
  path: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  headers: z.record(z.string(), z.string()),
  remote: z.string(),
});
export type ArrivalRequest = z.infer<typeof ArrivalRequest>;

/** The verdict at arrival; a delivery whose signature fails is never an arrival. */
export const Verification = z.object({
  scheme: z.string(),
  /** Which of the configured secrets matched, counted from 0. */
  secret: z.int().min(0),
  /** Of a public key: the SHA-256 of its SubjectPublicKeyInfo. */
  keyId: z.hex().optional(),
});
export type Verification = z.infer<typeof Verification>;

/** Where an event belongs, as its sender said. */
export const Trace = z.object({
  /** The story that it goes on; else it begins one of its own. */
  correlationId: z.string().min(1).optional(),
  /** The invocation whose function published it. */
  causedBy: Id.optional(),
  /** W3C Trace Context, as it came. */
  parent: z.string().optional(),
  state: z.string().optional(),
});
export type Trace = z.infer<typeof Trace>;

export const arrivalFacts = {
  EventArrived: fact(2, {
    arrivalId: Id,
    source: Source,
    /** The sender's own id of the delivery, if it gave one. */
    deliveryId: z.string().nullable(),
    request: ArrivalRequest.nullable(),
    verification: Verification.nullable(),
    /** Bytes beside the log; in the fact itself for ticks, and for arrivals of earlier releases. */
    body: z.union([PayloadName, Payload]),
    /**
     * To what was sent, with the salt of `body`, where that is not the body itself. By it repetitions
     * are told from other bodies; like the body's own it tells nobody anything without the salt.
     */
    sent: PayloadName.optional(),
    /** Of what was sent, in facts of earlier releases, on which guesses can be tried. */
    bodySha256: z.hex().optional(),
    /**
     * The trigger that the sender was told has taken it, as it was found when the whole body was
     * there: it alone is concerned, whatever becomes of names and paths. Absent where nobody was
     * told so: published events and messages, ticks, arrivals of earlier releases.
     */
    acceptedFor: z.object({ triggerId: Id, version: z.int().min(1) }).optional(),
    /**
     * Place in the log of the registry that it was routed by; what came of it stands in the same
     * record. Absent where routing follows the log, and goes by the arrival's own place.
     */
    decidedAt: z.string().optional(),
    trace: Trace.optional(),
  }),
  /** The sender sent a known delivery id again; nothing is invoked for it. */
  DeliveryRepeated: fact(1, {
    arrivalId: Id,
    sameBody: z.boolean(),
    remote: z.string().nullable(),
  }),
  /**
   * Bytes beside the log that facts at these places name are gone for good, or about to be: whoever
   * reads them finds nothing from here on. The bodies of this arrival and of the answers to it.
   */
  PayloadForgotten: fact(1, {
    arrivalId: Id,
    places: z.array(z.string()).min(1),
    reason: z.string().optional(),
  }),
  /**
   * The same of everything that arrived behind one place of the log and up to another, because of its
   * age; of no workspace. What is still needed is kept, and let go later by name.
   */
  PayloadsExpired: fact(1, {
    after: z.string(),
    upTo: z.string(),
    kept: z.array(z.object({ arrivalId: Id, place: z.string() })),
    /** Kept back before, and not needed any more. */
    also: z.array(z.string()),
  }),
  /** Triggers that match or were promised, but took nothing at the time; nothing is invoked for them. */
  EventWithheld: fact(1, {
    arrivalId: Id,
    /** The first of them; the list is bounded. */
    triggers: z.array(
      z.object({ triggerId: Id, reason: z.enum(['paused', 'suspended', 'deleted']) }),
    ),
    /** How many there were. */
    total: z.int().min(1),
  }),
};

/** What becomes of a schedule's instants that lead to no arrival. */
export const tickFacts = {
  /** Instants of a schedule, in a row, at which nothing was fired. */
  TicksMissed: fact(1, {
    triggerId: Id,
    /** `missed`: nothing could fire in time. `rescheduled`: held back by jitter, then replanned. */
    reason: z.enum(['missed', 'paused', 'suspended', 'rescheduled', 'DST-gap', 'DST-repeat']),
    first: Instant,
    last: Instant,
    count: z.int().min(1),
    /** All of them; empty where they are too many to be told one by one. */
    instants: z.array(Instant),
  }),
  TickSkipped: fact(1, { triggerId: Id, scheduledAt: Instant, reason: z.enum(['overlap']) }),
};
