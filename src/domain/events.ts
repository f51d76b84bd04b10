import { z } from 'zod';
import { Payload } from './payload.ts';
import { PayloadName } from './payload-name.ts';
import type { EventMetadata, StoredEvent } from './recorded.ts';
import { ReplayOrder, SkippedByReason, SkipReason } from './replay/order.ts';
import { RetryOverride, RetryPolicy } from './retry-policy.ts';

const Id = z.string().min(1).max(64);
const Instant = z.iso.datetime();

/** A secret as the log has it; see `domain/sealing.ts` for what it is bound to. */
export const Sealed = z.object({
  value: z.base64(),
  encrypted: z.literal(true),
  keyVersion: z.int().min(1),
});
export type Sealed = z.infer<typeof Sealed>;

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

export const Target = z.object({ type: z.literal('http'), url: z.url().max(2_048) });
export type Target = z.infer<typeof Target>;

/** Which members with what arrived a function is sent. */
export const Send = z.enum(['both', 'event', 'executionParams']);
export type Send = z.infer<typeof Send>;

const FunctionDefinition = {
  functionId: Id,
  version: z.int().min(1),
  name: z.string().min(1),
  description: z.string().nullable(),
  target: Target,
  /** How long one attempt may take, connect to last byte. */
  timeoutMs: z.int().min(1),
  /** Attempts of this function that may run at once. */
  concurrency: z.int().min(1),
  retry: RetryOverride,
  /** Absent in records of earlier releases, which sent both. */
  send: Send.optional(),
  /** Signs what is sent (Standard Webhooks); the one before it signs too until `previousUntil`. */
  signingSecret: Sealed,
  previousSecret: Sealed.nullable(),
  previousUntil: Instant.nullable(),
};

const TriggerDefinition = {
  triggerId: Id,
  version: z.int().min(1),
  name: z.string().min(1),
  description: z.string().nullable(),
  functionId: z.string().min(1),
  executionType: z.string().min(1),
  /** As its kind's schema gave it back; secrets are sealed. */
  triggerMetadata: z.record(z.string(), z.json()),
};

/** What is known of a trigger in the making; secrets are sealed for the draft. */
const DraftContent = {
  name: z.string().optional(),
  description: z.string().nullable().optional(),
  functionId: z.string().optional(),
  executionType: z.string().optional(),
  triggerMetadata: TriggerDefinition.triggerMetadata.optional(),
};

/** What a function answered, as a fact has it: a long one lies beside the log and is named. */
const KeptBody = z.union([PayloadName, Payload]);

/** Why an attempt did not succeed. */
export const Failure = z.object({
  kind: z.enum([
    'status',
    'redirect',
    'gone',
    'timeout',
    'connection',
    'dns',
    'tls',
    'blocked-address',
    'protocol',
    'response-too-large',
    'shutdown',
    'lost',
    'function-not-found',
    'secret-unreadable',
    'payload-forgotten',
    'internal',
  ]),
  message: z.string(),
  status: z.int().nullable(),
  /** The beginning of the answer, at most 256 KiB. */
  body: Payload.nullable(),
});
export type Failure = z.infer<typeof Failure>;
const KeptFailure = Failure.extend({ body: KeptBody.nullable() });
export type KeptFailure = z.infer<typeof KeptFailure>;

export const Answer = z.object({
  status: z.int(),
  contentType: z.string().nullable(),
  body: Payload,
  /** True where the answer was longer than what is kept. */
  truncated: z.boolean(),
});
export type Answer = z.infer<typeof Answer>;
const KeptAnswer = Answer.extend({ body: KeptBody });
export type KeptAnswer = z.infer<typeof KeptAnswer>;

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

const claim = {
  kind: z.enum(['trigger-name', 'function-name', 'webhook-path']),
  name: z.string(),
  holder: Id,
};
const invocation = { invocationId: Id, triggerId: Id };
const attempt = { ...invocation, attempt: z.int().min(1), attemptId: Id };

const fact = <Shape extends z.ZodRawShape>(schemaVersion: number, shape: Shape) => ({
  schemaVersion,
  schema: z.object(shape),
});

/**
 * Every fact the log can hold, with the version that is written today. A line here is the whole
 * registration of a fact; older versions are brought up to date by `store/upcasters.ts`.
 */
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

export const facts = {
  FunctionRegistered: fact(1, FunctionDefinition),
  FunctionRevised: fact(1, FunctionDefinition),
  FunctionRetired: fact(1, { functionId: Id }),
  FunctionSecretsResealed: fact(1, {
    functionId: Id,
    signingSecret: Sealed,
    previousSecret: Sealed.nullable(),
  }),

  TriggerRegistered: fact(1, {
    ...TriggerDefinition,
    isSystem: z.boolean(),
    /** It is given first what had arrived behind that place, by a replay of this name; else nothing. */
    startFrom: z.object({ after: z.string(), replayId: Id }).optional(),
  }),
  TriggerRevised: fact(1, TriggerDefinition),
  TriggerPaused: fact(1, { triggerId: Id, reason: z.string() }),
  TriggerResumed: fact(1, { triggerId: Id }),
  /** By the system: the endpoint said it is gone. Accepted events wait. */
  TriggerSuspended: fact(1, { triggerId: Id, reason: z.string(), invocationId: Id }),
  TriggerRetired: fact(1, { triggerId: Id }),
  /** The same secrets, sealed with a newer key: no new version, nobody's change. */
  TriggerSecretsResealed: fact(1, {
    triggerId: Id,
    triggerMetadata: TriggerDefinition.triggerMetadata,
  }),

  /** As it is from now on, the first time too. */
  DraftSaved: fact(1, { draftId: Id, content: z.object(DraftContent) }),
  DraftPublished: fact(1, { draftId: Id, triggerId: Id }),
  DraftDiscarded: fact(1, { draftId: Id }),

  /** The secret itself is told once and never recorded. */
  ApiKeyIssued: fact(1, {
    keyId: Id,
    name: z.string().min(1),
    scopes: z.array(z.string().min(1)),
    expiresAt: Instant.nullable(),
    secretSha256: z.hex().length(64),
  }),
  ApiKeyRevoked: fact(1, { keyId: Id }),

  /** The key of this version is the one with this fingerprint, and no other ever will be. */
  EncryptionKeyIntroduced: fact(1, {
    version: z.int().min(1),
    fingerprint: z.hex().length(64),
  }),

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

  NameClaimed: fact(1, claim),
  NameReleased: fact(1, claim),

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
  /** From here on the instance decides what the lane records, and nobody else. */
  LaneTaken: fact(1, { lane: z.string(), instance: Id }),
  /** In order: whoever comes next need not wait. */
  LaneReleased: fact(1, { lane: z.string(), instance: Id }),
  /** The instance lives and owns these lanes. */
  InstanceSeen: fact(1, { instance: Id, lanes: z.array(z.string()) }),
  /** An operator asked for an ended invocation once more: a new invocation, this one stays as it is. */
  InvocationRetried: fact(1, {
    ...invocation,
    retriedAs: Id,
    /** What the new one takes over. Absent in logs of earlier releases, whose streams have it. */
    repeats: Repeated.optional(),
  }),

  ReplayRequested: fact(1, { replayId: Id, order: ReplayOrder }),
  ReplayCountBegun: fact(1, { replayId: Id }),
  /** What is to be done, as it looked before it was begun. */
  ReplayCounted: fact(1, {
    replayId: Id,
    arrivals: z.int().min(0),
    planned: z.int().min(0),
    skipped: SkippedByReason,
  }),
  /** What was queued in between says so itself. */
  ReplayAdvanced: fact(1, {
    replayId: Id,
    upTo: z.string(),
    skipped: SkippedByReason,
    /** Each that was skipped for another reason than that nothing is missing. */
    listed: z.array(
      z.object({ arrivalId: Id, triggerId: z.string().nullable(), reason: SkipReason }),
    ),
  }),
  ReplayPaused: fact(1, { replayId: Id }),
  ReplayResumed: fact(1, { replayId: Id }),
  ReplayCompleted: fact(1, { replayId: Id }),
  ReplayCancelled: fact(1, { replayId: Id, reason: z.string() }),
  ReplayFailed: fact(1, { replayId: Id, reason: z.string() }),
} as const;

export type FactType = keyof typeof facts;
export type DataOf<T extends FactType> = z.infer<(typeof facts)[T]['schema']>;
export type Fact<T extends FactType = FactType> = {
  [K in T]: { readonly type: K; readonly data: Readonly<DataOf<K>> };
}[T];

/** A fact together with its place in the log and its envelope. */
export type Recorded<T extends FactType = FactType> = {
  [K in T]: Omit<StoredEvent, 'type' | 'data'> & {
    readonly type: K;
    readonly data: Readonly<DataOf<K>>;
  };
}[T];

const versions: ReadonlyMap<string, number> = new Map(
  Object.entries(facts).map(([type, { schemaVersion }]) => [type, schemaVersion]),
);

/** Undefined for types of later releases. */
export const versionOf = (type: string): number | undefined => versions.get(type);

/** False for types and versions of later releases, which are kept, skipped and counted. */
export const isKnown = (event: StoredEvent): event is Recorded =>
  versions.get(event.type) === event.metadata.schemaVersion;

export const isFact = <T extends FactType>(
  event: StoredEvent,
  type: T,
): event is StoredEvent & Recorded<T> => event.type === type;

/** What a command hands on besides its own members: everything a decision may not make up itself. */
export type Envelope = Omit<EventMetadata, 'schemaVersion' | '$causationId'> & {
  readonly causationId?: string | undefined;
};
