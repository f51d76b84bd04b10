/** What the schemas of a route do not say about it. */
export interface About {
  /** `If-Match` makes it happen to a known revision only. */
  readonly ifMatch?: true;
  /** The answer's `ETag` is the revision. */
  readonly etag?: true;
  /** `Idempotency-Key` makes it happen once. */
  readonly idempotent?: true;
  /** The body may be left out. */
  readonly bodyOptional?: true;
  /** `Prefer: wait=…` makes the answer wait for the end. */
  readonly waits?: true;
  /** `Last-Event-ID` says from where on; so many may read at once. */
  readonly resumes?: true;
  /** Of an answer that is no JSON document. */
  readonly media?: string;
}

const changing = { ifMatch: true, etag: true } as const;
const creating = { idempotent: true, etag: true } as const;

/** By operation. */
export const abouts: Readonly<Record<string, About>> = {
  createFunction: creating,
  getFunction: { etag: true },
  updateFunction: changing,
  rotateFunctionSecret: changing,
  deleteFunction: { ifMatch: true },
  createTrigger: creating,
  getTrigger: { etag: true },
  updateTrigger: changing,
  deleteTrigger: { ifMatch: true },
  stopTrigger: changing,
  pauseTrigger: changing,
  startTrigger: changing,
  resumeTrigger: changing,
  createDraft: creating,
  getDraft: { etag: true },
  updateDraft: changing,
  deleteDraft: { ifMatch: true },
  publishDraft: creating,
  executeTrigger: { idempotent: true, bodyOptional: true, waits: true },
  retryInvocation: { idempotent: true },
  forgetPayload: { bodyOptional: true },
  publishEvent: { idempotent: true },
  publishMessage: { idempotent: true },
  createReplay: { idempotent: true },
  redriveDeadLetters: { idempotent: true, bodyOptional: true },
  createApiKey: { idempotent: true },
  followLive: { media: 'text/event-stream', resumes: true },
  exportAudit: { media: 'application/x-ndjson' },
  askWhatIf: { media: 'application/x-ndjson' },
  getMetrics: { media: 'text/plain' },
};

/** What belongs together, in the order of the page. */
export const tags = [
  { name: 'compute-functions', description: 'What is called: HTTP endpoints of yours.' },
  {
    name: 'function-triggers',
    description:
      'What binds a function to a source of events, drafts of it, its versions and ticks.',
  },
  { name: 'webhooks', description: 'Where senders deliver.' },
  { name: 'events', description: 'What arrived, and what programs publish.' },
  {
    name: 'invocations',
    description: 'What was called because of what arrived, and what ended dead.',
  },
  { name: 'replays', description: 'History delivered again, and what died redriven.' },
  { name: 'filters', description: 'Which events are wanted.' },
  { name: 'audit', description: 'Every recorded fact.' },
  { name: 'api-keys', description: 'Credentials for machines.' },
  { name: 'secrets', description: 'Under which encryption keys secrets are sealed.' },
  { name: 'server', description: 'How the process is.' },
  { name: 'machines', description: 'The state machines that decide what may happen.' },
] as const;
