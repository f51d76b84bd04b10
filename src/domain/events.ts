import { z } from 'zod';
import { Payload } from './payload.ts';
import type { EventMetadata, StoredEvent } from './recorded.ts';
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

export const Target = z.object({ type: z.literal('http'), url: z.url().max(2_048) });
export type Target = z.infer<typeof Target>;

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
    'internal',
  ]),
  message: z.string(),
  status: z.int().nullable(),
  /** The beginning of the answer, at most 256 KiB. */
  body: Payload.nullable(),
});
export type Failure = z.infer<typeof Failure>;

export const Answer = z.object({
  status: z.int(),
  contentType: z.string().nullable(),
  body: Payload,
  /** True where the answer was longer than what is kept. */
  truncated: z.boolean(),
});
export type Answer = z.infer<typeof Answer>;

/** Why an invocation ended without success. */
export const DeathReason = z.enum([
  'attempts-exhausted',
  'not-retryable',
  'gone',
  'function-not-found',
]);
export type DeathReason = z.infer<typeof DeathReason>;

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
export const facts = {
  FunctionRegistered: fact(1, FunctionDefinition),
  FunctionRevised: fact(1, FunctionDefinition),
  FunctionRetired: fact(1, { functionId: Id }),
  FunctionSecretsResealed: fact(1, {
    functionId: Id,
    signingSecret: Sealed,
    previousSecret: Sealed.nullable(),
  }),

  TriggerRegistered: fact(1, { ...TriggerDefinition, isSystem: z.boolean() }),
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

  NameClaimed: fact(1, claim),
  NameReleased: fact(1, claim),

  EventArrived: fact(1, {
    arrivalId: Id,
    source: Source,
    /** The sender's own id of the delivery, if it gave one. */
    deliveryId: z.string().nullable(),
    request: ArrivalRequest.nullable(),
    verification: Verification.nullable(),
    body: Payload,
    bodySha256: z.hex(),
  }),
  /** The sender sent a known delivery id again; nothing is invoked for it. */
  DeliveryRepeated: fact(1, {
    arrivalId: Id,
    sameBody: z.boolean(),
    remote: z.string().nullable(),
  }),
  /** Triggers that match, but took nothing at the time; nothing is invoked for them. */
  EventWithheld: fact(1, {
    arrivalId: Id,
    /** The first of them; the list is bounded. */
    triggers: z.array(z.object({ triggerId: Id, reason: z.enum(['paused', 'suspended']) })),
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
  }),
  InvocationStarted: fact(1, { ...attempt, claimedBy: Id, leaseUntil: Instant }),
  InvocationSucceeded: fact(1, { ...attempt, durationMs: z.number(), answer: Answer }),
  InvocationFailed: fact(1, {
    ...attempt,
    durationMs: z.number(),
    failure: Failure,
    retryAt: Instant,
  }),
  /** The process that ran it is gone; whether the target was called is not known. */
  AttemptLost: fact(1, { ...attempt, retryAt: Instant }),
  InvocationDeadLettered: fact(1, {
    ...invocation,
    attempt: z.int().min(0),
    durationMs: z.number().nullable(),
    reason: DeathReason,
    failure: Failure,
  }),
  InvocationCancelled: fact(1, { ...invocation, attempt: z.int().min(0), reason: z.string() }),
  /** An operator asked for an ended invocation once more: a new invocation, this one stays as it is. */
  InvocationRetried: fact(1, { ...invocation, retriedAs: Id }),
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

/** False for types of later releases, which are kept, skipped and counted. */
export const isKnown = (event: StoredEvent): event is Recorded => Object.hasOwn(facts, event.type);

export const isFact = <T extends FactType>(
  event: StoredEvent,
  type: T,
): event is StoredEvent & Recorded<T> => event.type === type;

/** What a command hands on besides its own members: everything a decision may not make up itself. */
export type Envelope = Omit<EventMetadata, 'schemaVersion' | '$causationId'> & {
  readonly causationId?: string | undefined;
};
