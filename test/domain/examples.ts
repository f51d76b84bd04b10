import type { Fact } from '../../src/domain/events.ts';
import type { Failure } from '../../src/domain/facts/failure.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';

export const now = '2026-11-21T12:00:00.000Z';

export const timeout: Failure = { kind: 'timeout', message: 'no answer', status: null, body: null };
export const shutdown: Failure = { ...timeout, kind: 'shutdown' };
const body = { encoding: 'utf8', content: '{}' } as const;
export const answer = { status: 200, contentType: null, body, truncated: false };

export const arrived = {
  type: 'EventArrived',
  data: {
    arrivalId: 'arrival-1',
    source: { kind: 'webhook', key: '/github' },
    deliveryId: 'delivery-1',
    request: null,
    verification: null,
    body,
  },
} as const;
export const repeated = {
  type: 'DeliveryRepeated',
  data: { arrivalId: 'arrival-1', sameBody: true, remote: null },
} as const;
export const forgotten: Fact<'PayloadForgotten'> = {
  type: 'PayloadForgotten',
  data: { arrivalId: 'arrival-1', places: ['0001'], reason: 'asked for' },
};
export const withheld: Fact<'EventWithheld'> = {
  type: 'EventWithheld',
  data: {
    arrivalId: 'arrival-1',
    triggers: [{ triggerId: 'trigger-2', reason: 'paused' }],
    total: 1,
  },
};
export const missed: Fact<'TicksMissed'> = {
  type: 'TicksMissed',
  data: {
    triggerId: 'trigger-1',
    reason: 'missed',
    first: now,
    last: now,
    count: 1,
    instants: [now],
  },
};
export const skipped = {
  type: 'TickSkipped',
  data: { triggerId: 'trigger-1', scheduledAt: now, reason: 'overlap' },
} as const;
export const arrivalFacts: readonly Fact[] = [
  arrived,
  repeated,
  forgotten,
  withheld,
  missed,
  skipped,
];

const invocation = { invocationId: 'invocation-1', triggerId: 'trigger-1' };
const attempt = { ...invocation, attempt: 1, attemptId: 'attempt-1' };

export const queued = {
  type: 'InvocationQueued',
  data: {
    ...invocation,
    functionId: 'function-1',
    arrivalId: 'arrival-1',
    triggerVersion: 1,
    orderingKey: null,
    policy: defaultRetryPolicy,
    timeoutMs: 1_000,
    retryOf: null,
  },
} as const;
export const started = {
  type: 'InvocationStarted',
  data: { ...attempt, claimedBy: 'owner-1', leaseUntil: now },
} as const;
export const succeeded = {
  type: 'InvocationSucceeded',
  data: { ...attempt, durationMs: 5, answer },
} as const;
export const failed = {
  type: 'InvocationFailed',
  data: { ...attempt, durationMs: 5, failure: timeout, retryAt: now },
} as const;
export const interrupted = {
  type: 'InvocationFailed',
  data: { ...attempt, durationMs: 5, failure: shutdown, retryAt: now },
} as const;
export const lost = { type: 'AttemptLost', data: { ...attempt, retryAt: now } } as const;
export const deadLettered = {
  type: 'InvocationDeadLettered',
  data: {
    ...invocation,
    functionId: 'function-1',
    attempt: 1,
    durationMs: 5,
    reason: 'attempts-exhausted',
    failure: timeout,
  },
} as const;
export const cancelled = {
  type: 'InvocationCancelled',
  data: { ...invocation, attempt: 1, reason: 'by hand' },
} as const;
export const retried = {
  type: 'InvocationRetried',
  data: { ...invocation, retriedAs: 'invocation-2' },
} as const;
export const invocationFacts: readonly Fact[] = [
  queued,
  started,
  succeeded,
  failed,
  interrupted,
  lost,
  deadLettered,
  cancelled,
  retried,
];

const sealed = { value: 'c2VhbGVk', encrypted: true, keyVersion: 1 } as const;

export const functionDefinition = {
  functionId: 'function-1',
  name: 'notify',
  description: null,
  target: { type: 'http', url: 'http://127.0.0.1:9/notify' },
  timeoutMs: 1_000,
  concurrency: 10,
  retry: {},
  signingSecret: sealed,
  previousSecret: null,
  previousUntil: null,
} as const;
export const functionFacts: readonly Fact[] = [
  { type: 'FunctionRegistered', data: { ...functionDefinition, version: 1 } },
  { type: 'FunctionRevised', data: { ...functionDefinition, version: 2, name: 'tell' } },
  {
    type: 'FunctionSecretsResealed',
    data: {
      functionId: 'function-1',
      signingSecret: { ...sealed, keyVersion: 2 },
      previousSecret: null,
    },
  },
  { type: 'FunctionRetired', data: { functionId: 'function-1' } },
];

export const triggerDefinition = {
  triggerId: 'trigger-1',
  name: 'on push',
  description: null,
  functionId: 'function-1',
  executionType: 'webhook',
  triggerMetadata: { path: '/github' },
} as const;
const triggerId = 'trigger-1';
export const triggerFacts: readonly Fact[] = [
  { type: 'TriggerRegistered', data: { ...triggerDefinition, version: 1, isSystem: false } },
  { type: 'TriggerRevised', data: { ...triggerDefinition, version: 2, name: 'on pull' } },
  { type: 'TriggerPaused', data: { triggerId, reason: 'by hand' } },
  { type: 'TriggerResumed', data: { triggerId } },
  { type: 'TriggerSuspended', data: { triggerId, reason: 'gone', invocationId: 'invocation-1' } },
  {
    type: 'TriggerSecretsResealed',
    data: { triggerId, triggerMetadata: { path: '/github', params: { token: sealed } } },
  },
  { type: 'TriggerRetired', data: { triggerId } },
];

const claimed = { kind: 'trigger-name', name: 'on push', holder: 'trigger-1' } as const;
export const claimFacts: readonly Fact[] = [
  { type: 'NameClaimed', data: claimed },
  { type: 'NameReleased', data: claimed },
];

const draftId = 'draft-1';
export const draftSaved = {
  type: 'DraftSaved',
  data: { draftId, content: { name: 'on push' } },
} as const;
export const draftFacts: readonly Fact[] = [
  draftSaved,
  { type: 'DraftPublished', data: { draftId, triggerId } },
  { type: 'DraftDiscarded', data: { draftId } },
];

export const issued: Fact<'ApiKeyIssued'> = {
  type: 'ApiKeyIssued',
  data: {
    keyId: 'key-1',
    name: 'deploys',
    scopes: ['events:write'],
    expiresAt: null,
    secretSha256: 'ab'.repeat(32),
  },
};
export const revoked: Fact<'ApiKeyRevoked'> = { type: 'ApiKeyRevoked', data: { keyId: 'key-1' } };
export const apiKeyFacts: readonly Fact[] = [issued, revoked];

const replayId = 'replay-1';
export const replayOrder = {
  after: '0001',
  upTo: '0009',
  among: { arrivals: {} },
  only: { matched: true },
  versions: 'as-then',
  mode: 'only-missing',
  perSecond: null,
  concurrency: 8,
} as const;
export const replayFacts: readonly Fact[] = [
  { type: 'ReplayRequested', data: { replayId, order: replayOrder } },
  { type: 'ReplayCountBegun', data: { replayId } },
  { type: 'ReplayCounted', data: { replayId, arrivals: 2, planned: 1, skipped: { succeeded: 1 } } },
  {
    type: 'ReplayAdvanced',
    data: { replayId, upTo: '0004', skipped: { succeeded: 1 }, listed: [] },
  },
  { type: 'ReplayPaused', data: { replayId } },
  { type: 'ReplayResumed', data: { replayId } },
  { type: 'ReplayCompleted', data: { replayId } },
  { type: 'ReplayCancelled', data: { replayId, reason: 'by ann' } },
  { type: 'ReplayFailed', data: { replayId, reason: 'the log is damaged' } },
];
