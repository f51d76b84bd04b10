import type { DataOf, Fact, FactType } from '../../src/domain/events.ts';
import type { Failure } from '../../src/domain/facts/failure.ts';
import {
  arrivalStream,
  functionStream,
  invocationIdOf,
  invocationStream,
  triggerStream,
} from '../../src/domain/ids.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import type { InvariantOptions } from '../../src/invariants/invariant.ts';
import { createInvariants } from '../../src/invariants/invariants.ts';
import { instantOf, recorded, type Written } from '../views/history.ts';

type Changes<T extends FactType> = Partial<DataOf<T>>;

const written = (stream: string, fact: Fact): Written => ({ stream, fact });

/** The sentences for a log: those of each event, then what is owed at rest. */
export const judged = (
  log: readonly Written[],
  options: InvariantOptions = {},
): readonly string[] => {
  const invariants = createInvariants(options);
  return [...recorded(log).flatMap(invariants.take), ...invariants.atRest()];
};

export const of = (workspace: string, fact: Written): Written => ({
  ...fact,
  metadata: { ...fact.metadata, workspace },
});

const sealed = { value: 'AAAA', encrypted: true, keyVersion: 1 } as const;

const functionData = (functionId: string): DataOf<'FunctionRegistered'> => ({
  functionId,
  version: 1,
  name: functionId,
  description: null,
  target: { type: 'http', url: 'https://example.com/' },
  timeoutMs: 15_000,
  concurrency: 10,
  retry: {},
  signingSecret: sealed,
  previousSecret: null,
  previousUntil: null,
});

export const aFunction = (id = 'f', changes: Changes<'FunctionRegistered'> = {}): Written =>
  written(functionStream(id), {
    type: 'FunctionRegistered',
    data: { ...functionData(id), ...changes },
  });

const triggerData = (triggerId: string): DataOf<'TriggerRevised'> => ({
  triggerId,
  version: 1,
  name: triggerId,
  description: null,
  functionId: 'f',
  executionType: 'webhook',
  triggerMetadata: { path: triggerId },
});

export const aTrigger = (id = 't', changes: Changes<'TriggerRegistered'> = {}): Written =>
  written(triggerStream(id), {
    type: 'TriggerRegistered',
    data: { ...triggerData(id), isSystem: false, ...changes },
  });

export const revise = (id: string, changes: Changes<'TriggerRevised'> = {}): Written =>
  written(triggerStream(id), {
    type: 'TriggerRevised',
    data: { ...triggerData(id), version: 2, ...changes },
  });

type Turn = 'TriggerPaused' | 'TriggerResumed' | 'TriggerRetired';

export const turn = (type: Turn, triggerId = 't'): Written =>
  written(triggerStream(triggerId), {
    type,
    data: { triggerId, reason: 'by hand' },
  } as Fact);

/** Promised to this trigger, whatever it listens to. */
export const promise = (arrivalId: string, triggerId = 't', version = 1): Written =>
  arrive(arrivalId, { acceptedFor: { triggerId, version } });

/** The target of an invocation of the trigger says that it is gone. */
export const gone = (triggerId = 't', arrivalId = 'gone'): readonly Written[] => {
  const ids = { triggerId, invocationId: idOf(arrivalId, triggerId) };
  const reason = { reason: 'gone', failure: failure({ kind: 'gone', status: 410 }) } as const;
  return [
    promise(arrivalId, triggerId),
    queue(arrivalId, { triggerId }),
    start(arrivalId, 1, ids),
    die(arrivalId, 1, { ...ids, ...reason }),
    suspend(triggerId, ids.invocationId),
  ];
};

export const suspend = (triggerId: string, invocationId: string): Written =>
  written(triggerStream(triggerId), {
    type: 'TriggerSuspended',
    data: { triggerId, invocationId, reason: 'gone' },
  });

export const arrive = (arrivalId: string, changes: Changes<'EventArrived'> = {}): Written =>
  written(arrivalStream(arrivalId), {
    type: 'EventArrived',
    data: {
      arrivalId,
      source: { kind: 'webhook', key: 't' },
      deliveryId: null,
      request: null,
      verification: null,
      body: { encoding: 'utf8', content: '{}' },
      bodySha256: '00'.repeat(32),
      ...changes,
    },
  });

type Withheld = DataOf<'EventWithheld'>['triggers'][number];

export const withhold = (
  arrivalId: string,
  triggers: readonly [string, Withheld['reason']][],
  total = triggers.length,
): Written =>
  written(arrivalStream(arrivalId), {
    type: 'EventWithheld',
    data: {
      arrivalId,
      total,
      triggers: triggers.map(([triggerId, reason]) => ({ triggerId, reason })),
    },
  });

export const from = (kind: string, key: string) => ({ source: { kind, key } });

/** Names the invocation of an arrival by the trigger `t` after the arrival. */
export const idOf = (arrivalId: string, triggerId = 't'): string =>
  invocationIdOf(arrivalId, triggerId);

export const queue = (arrivalId: string, changes: Changes<'InvocationQueued'> = {}): Written => {
  const triggerId = changes.triggerId ?? 't';
  const invocationId = changes.invocationId ?? idOf(arrivalId, triggerId);
  return written(invocationStream(invocationId), {
    type: 'InvocationQueued',
    data: {
      invocationId,
      triggerId,
      functionId: 'f',
      arrivalId,
      triggerVersion: 1,
      orderingKey: null,
      policy: defaultRetryPolicy,
      timeoutMs: 15_000,
      retryOf: null,
      ...changes,
    },
  });
};

const ids = (arrivalId: string, triggerId = 't') => ({
  invocationId: idOf(arrivalId, triggerId),
  triggerId,
});
const attemptOf = (arrivalId: string, attempt: number) => ({
  ...ids(arrivalId),
  attempt,
  attemptId: `${arrivalId}#${attempt}`,
});

const ofInvocation = (
  fact: Fact & { readonly data: { readonly invocationId: string } },
): Written => ({
  ...written(invocationStream(fact.data.invocationId), fact),
  metadata: { occurredAt: instantOf(0) },
});

export const start = (
  arrivalId: string,
  attempt = 1,
  changes: Changes<'InvocationStarted'> = {},
): Written =>
  ofInvocation({
    type: 'InvocationStarted',
    data: {
      ...attemptOf(arrivalId, attempt),
      claimedBy: 'me',
      leaseUntil: instantOf(10_000),
      ...changes,
    },
  });

export const failure = (changes: Partial<Failure> = {}): Failure => ({
  kind: 'status',
  message: 'answered 500',
  status: 500,
  body: null,
  ...changes,
});

export const fail = (
  arrivalId: string,
  attempt = 1,
  changes: Changes<'InvocationFailed'> = {},
): Written =>
  ofInvocation({
    type: 'InvocationFailed',
    data: {
      ...attemptOf(arrivalId, attempt),
      durationMs: 1,
      failure: failure(),
      retryAt: instantOf(0),
      ...changes,
    },
  });

export const lose = (
  arrivalId: string,
  attempt = 1,
  changes: Changes<'AttemptLost'> = {},
): Written =>
  ofInvocation({
    type: 'AttemptLost',
    data: { ...attemptOf(arrivalId, attempt), retryAt: instantOf(0), ...changes },
  });

export const succeed = (
  arrivalId: string,
  attempt = 1,
  changes: Changes<'InvocationSucceeded'> = {},
): Written =>
  ofInvocation({
    type: 'InvocationSucceeded',
    data: {
      ...attemptOf(arrivalId, attempt),
      durationMs: 1,
      answer: {
        status: 200,
        contentType: null,
        body: { encoding: 'utf8', content: '' },
        truncated: false,
      },
      ...changes,
    },
  });

export const die = (
  arrivalId: string,
  attempt = 1,
  changes: Changes<'InvocationDeadLettered'> = {},
): Written =>
  ofInvocation({
    type: 'InvocationDeadLettered',
    data: {
      ...ids(arrivalId),
      attempt,
      durationMs: 1,
      reason: 'attempts-exhausted',
      failure: failure(),
      ...changes,
    },
  });

export const cancel = (
  arrivalId: string,
  attempt = 0,
  changes: Changes<'InvocationCancelled'> = {},
): Written =>
  ofInvocation({
    type: 'InvocationCancelled',
    data: { ...ids(arrivalId), attempt, reason: 'by hand', ...changes },
  });
