/** What an operation takes and answers, for instance. Each is tried against its schema. */
export interface Example {
  readonly body?: unknown;
  readonly answer?: unknown;
}

const id = {
  function: '0192f3c1-5b6a-7c3d-8e9f-0a1b2c3d4e5f',
  trigger: '0192f3c2-1a2b-7c3d-8e9f-5e4d3c2b1a0f',
  invocation: '7d0a1c7e-53a4-5f0e-9b0e-2d7f6c1a9b3d',
  replay: '2f9d6a0c-1b7e-4c55-9a0d-8e3b7c6f5a21',
  event: '5b1e7f0a-9c3d-5e2f-8a4b-6c7d8e9f0a1b',
  correlation: '3f1c9a52-7d0e-4b8e-9a3b-5d7f2c1e0a44',
} as const;
const at = '2026-11-29T12:00:00.000Z';
const position = '00000000000000001042';

const owned = {
  workspaceSlug: 'demo',
  createdBy: 'ann',
  updatedBy: 'ann',
  createdAt: at,
  updatedAt: at,
} as const;

const computeFunction = {
  id: id.function,
  name: 'greet',
  description: null,
  type: 'http',
  url: 'https://example.org/greet',
  timeoutMs: 30_000,
  concurrency: 10,
  retry: {},
  send: 'both',
  ...owned,
  version: 1,
  previousSecretUntil: null,
} as const;

const github = {
  path: '/github',
  signature: {
    scheme: 'github',
    secrets: [{ value: 'a secret of yours', encrypt: true }],
  },
} as const;

const trigger = {
  id: id.trigger,
  name: 'nightly',
  functionId: id.function,
  executionType: 'scheduled',
  triggerMetadata: {
    cron: '30 2 * * *',
    timezone: 'Europe/Berlin',
    jitterSeconds: 0,
    overlap: 'queue',
    misfire: 'one',
    concurrency: 1,
  },
  ...owned,
  status: 'active',
  version: 1,
  isSystem: false,
  queueSize: 0,
  overCapacity: false,
  refused: 0,
} as const;

const invocationItem = {
  id: id.invocation,
  triggerId: id.trigger,
  triggerVersion: 1,
  functionId: id.function,
  eventId: id.event,
  correlationId: id.correlation,
  orderingKey: null,
  status: 'succeeded',
  attempt: 1,
  maxAttempts: 5,
  timeoutMs: 30_000,
  queuedAt: at,
  startedAt: at,
  finishedAt: at,
  dueAt: null,
  reason: null,
  retryOf: null,
  replayId: null,
  replayOf: null,
  retriedAs: [],
  position,
} as const;

const queuedItem = {
  ...invocationItem,
  ...{ status: 'queued', attempt: 0, startedAt: null, finishedAt: null },
} as const;

const invocation = {
  ...invocationItem,
  attempts: [
    {
      attempt: 1,
      attemptId: id.correlation,
      versions: { trigger: 1, function: 1 },
      startedAt: at,
      endedAt: at,
      durationMs: 12,
      outcome: 'succeeded',
      status: 200,
      failure: null,
      retryAt: null,
    },
  ],
  result: {
    status: 200,
    contentType: 'application/json',
    body: { encoding: 'utf8', content: '{"done":true}' },
    truncated: false,
  },
} as const;

const accepted = { status: 'accepted', event_id: id.event } as const;

const deadLetter = {
  invocationId: id.invocation,
  triggerId: id.trigger,
  functionId: id.function,
  correlationId: id.correlation,
  attempts: 5,
  reason: 'attempts-exhausted',
  failure: { kind: 'status', message: 'answered 500', status: 500, body: null },
  diedAt: at,
  position,
} as const;

const replay = {
  id: id.replay,
  status: 'running',
  range: { after: '', upTo: position },
  arrivals: { source: { kind: 'webhook', key: 'github' } },
  to: { matched: true },
  versions: 'as-then',
  mode: 'only-missing',
  rate: { perSecond: 50 },
  concurrency: 8,
  counts: {
    ...{ arrivals: 40, planned: 12, queued: 9, succeeded: 8, dead: 0, cancelled: 0 },
    skipped: { succeeded: 28 },
  },
  position,
  createdBy: 'ann',
  createdAt: at,
  finishedAt: null,
  reason: null,
} as const;

const asked = {
  range: { from: { time: '2026-11-28T00:00:00Z' } },
  arrivals: { source: { kind: 'webhook', key: 'github' } },
  rate: { perSecond: 50 },
} as const;

const refusal = {
  path: 'github',
  triggerId: id.trigger,
  status: 401,
  reason: 'no-match',
  skewSeconds: null,
  count: 1,
  first: at,
  last: at,
  remote: '192.0.2.7',
  correlationId: id.correlation,
  position,
} as const;

/** By operation; where there is none, the schema has to do. */
export const examples: Readonly<Record<string, Example>> = {
  createFunction: {
    body: { name: 'greet', type: 'http', url: 'https://example.org/greet' },
    answer: { ...computeFunction, signingSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  },
  listFunctions: { answer: { functions: [computeFunction], next: null } },
  getFunction: { answer: computeFunction },
  updateFunction: { body: { timeoutMs: 10_000 }, answer: computeFunction },
  createTrigger: {
    body: {
      name: 'pushes',
      functionId: id.function,
      executionType: 'webhook',
      triggerMetadata: github,
    },
    answer: trigger,
  },
  listTriggers: { answer: { triggers: [trigger], total: 1, page: 1, limit: 500, next: null } },
  getTrigger: { answer: trigger },
  updateTrigger: { body: { triggerMetadata: { timezone: 'UTC' } }, answer: trigger },
  createDraft: { body: { name: 'nightly', executionType: 'scheduled' } },
  previewTicks: { body: { triggerMetadata: { cron: '0 * * * *' }, count: 3 } },
  executeTrigger: { body: { year: 2026 }, answer: id.invocation },
  deliverWebhook: { body: { zen: 'Keep it logically awesome.' }, answer: accepted },
  publishEvent: {
    body: {
      event: 'record_created',
      recordSlug: 'orders',
      recordId: '17',
      data: { total: 12.5 },
    },
    answer: accepted,
  },
  forgetPayload: {
    body: { reason: 'asked for by the person it is about' },
    answer: { id: id.event, forgotten: { at, by: 'user:ann', reason: null } },
  },
  publishMessage: {
    body: { topic: 'reports.daily', sender: 'me', content: { pages: 3 } },
    answer: { ...accepted, message_id: '2026-11-21' },
  },
  listInvocations: { answer: { invocations: [invocationItem], next: null } },
  listQueue: { answer: { invocations: [queuedItem], next: null } },
  getInvocation: { answer: invocation },
  listDeadLetters: {
    answer: { deadLetters: [deadLetter], counts: { 'attempts-exhausted': 1 }, next: null },
  },
  createReplay: { body: asked },
  listReplays: { answer: { replays: [replay], next: null } },
  getReplay: { answer: replay },
  redriveDeadLetters: { body: { reason: 'attempts-exhausted', from: at } },
  listRefusals: { answer: { refusals: [refusal], next: null } },
  getJob: {
    answer: {
      id: id.invocation,
      triggerId: id.trigger,
      status: 'completed',
      createdAt: at,
      startedAt: at,
      finishedAt: at,
      result: { done: true },
    },
  },
  createApiKey: {
    body: { name: 'deploys', scopes: ['function-triggers:write'], expiresAt: null },
  },
  getHealth: { answer: { status: 'healthy' } },
  getLiveness: { answer: { status: 'live' } },
  getReadiness: { answer: { status: 'ready' } },
};
