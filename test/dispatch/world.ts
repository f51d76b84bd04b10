import type { QueueEntry } from '../../projections/queue.ts';
import type { RegistryEntry, TriggerEntry } from '../../projections/registry.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import { createActors } from '../../src/actors/actors.ts';
import {
  arrivalAddress,
  functionAddress,
  invocationAddress,
  triggerAddress,
} from '../../src/actors/addresses.ts';
import { createEngine } from '../../src/dispatch/engine.ts';
import type { EngineDeps } from '../../src/dispatch/engine-deps.ts';
import type { Call, CallTarget } from '../../src/dispatch/targets/target.ts';
import { isoOf } from '../../src/domain/clock.ts';
import { isKnown, type Recorded } from '../../src/domain/events.ts';
import { newId } from '../../src/domain/ids.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { type Logger, silentLogger } from '../../src/domain/logger.ts';
import type { RetryOverride } from '../../src/domain/retry-policy.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import type { Capture, Snapshot } from '../../src/subscriptions/hot-views.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export const succeeded: CallOutcome = {
  ok: true,
  durationMs: 1,
  answer: {
    status: 200,
    contentType: null,
    body: { encoding: 'utf8', content: '' },
    truncated: false,
  },
};

export const failedWith = (status: number, retryAfterMs: number | null = null): CallOutcome => ({
  ok: false,
  durationMs: 1,
  failure: {
    kind: status === 410 ? 'gone' : 'status',
    message: `the target answered ${status}`,
    status,
    body: null,
  },
  retryAfterMs,
});

const interrupted: CallOutcome = {
  ok: false,
  durationMs: 1,
  failure: { kind: 'shutdown', message: 'stopping', status: null, body: null },
  retryAfterMs: null,
};

export interface PendingCall extends Call {
  answer(outcome: CallOutcome): void;
}

/** A target whose calls wait for the test to answer them, unless `answers` has something for them. */
export const createScriptedTarget = () => {
  const calls: PendingCall[] = [];
  const answers: CallOutcome[] = [];
  let always: CallOutcome | undefined;
  const target: CallTarget = {
    call: (call) => {
      const ready = answers.shift() ?? always;
      return new Promise((resolve) => {
        calls.push({ ...call, answer: resolve });
        if (ready) resolve(ready);
        call.interrupter?.listen(() => resolve(interrupted));
      });
    },
    close: async () => {},
  };
  return {
    target,
    calls,
    answers,
    always(outcome: CallOutcome | undefined) {
      always = outcome;
    },
  };
};

/** Keeps the snapshot as the views' database would. */
export const createSnapshots = () => {
  let saved: Snapshot | undefined;
  const merge = <T>(into: Map<string, T>, changes: readonly (readonly [string, T | null])[]) => {
    for (const [key, document] of changes) {
      if (document === null) into.delete(key);
      else into.set(key, document);
    }
    return into;
  };
  return {
    saves: 0,
    get saved() {
      return saved;
    },
    async loadSnapshot() {
      return saved;
    },
    async saveSnapshot({ position, eventId, changed }: Capture) {
      this.saves += 1;
      saved = {
        position,
        eventId,
        registry: merge(new Map<string, RegistryEntry>(saved?.registry), changed.registry),
        queue: merge(new Map<string, QueueEntry>(saved?.queue), changed.queue),
        schedules: merge(new Map<string, ScheduleEntry>(saved?.schedules), changed.schedules),
      };
    },
  };
};

export interface WorldOptions {
  readonly store?: EventStore;
  readonly clock?: TestClock;
  readonly limits?: EngineDeps['limits'];
  readonly log?: Logger;
}

export const workspace = 'acme';
const keyRing = createKeyRing([{ version: 1, key: Buffer.alloc(32, 7) }]);
export const signingSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** An engine over a store in memory, with a still clock and a target in the test's hands. */
export const createWorld = (options: WorldOptions = {}) => {
  let store = options.store ?? createMemoryStore();
  const clock = options.clock ?? createTestClock();
  const scripted = createScriptedTarget();
  const snapshots = createSnapshots();
  let actors = createActors({ store });
  const fatal: unknown[] = [];

  const open = () =>
    createEngine({
      store,
      actors,
      views: snapshots,
      target: scripted.target,
      sealing: keyRing,
      clock,
      log: options.log ?? silentLogger,
      random: () => 0.5,
      ownerId: newId(),
      ...(options.limits && { limits: options.limits }),
      onFatal: (error) => fatal.push(error),
    });

  const envelope = () => ({
    workspace,
    actor: 'user:test',
    occurredAt: isoOf(clock.now()),
    $correlationId: newId(),
  });

  const log = async (): Promise<readonly Recorded[]> =>
    (await store.readAll({ maxCount: 100_000 })).filter(isKnown);

  let engine = open();

  return {
    get store() {
      return store;
    },
    clock,
    ...scripted,
    snapshots,
    fatal,
    log,
    get engine() {
      return engine;
    },
    /** As after a crash: the old engine is simply no more, a new owner comes. */
    async restart(on: EventStore = store): Promise<void> {
      store = on;
      actors = createActors({ store });
      engine = open();
      await engine.start();
    },
    async function(
      over: { concurrency?: number; retry?: RetryOverride; functionId?: string } = {},
    ): Promise<string> {
      const functionId = over.functionId ?? newId();
      await actors.ask(
        functionAddress(functionId),
        {
          type: 'RegisterFunction',
          functionId,
          name: functionId,
          description: null,
          target: { type: 'http', url: 'http://127.0.0.1:1/' },
          timeoutMs: 1_000,
          concurrency: over.concurrency ?? 10,
          retry: over.retry ?? {},
          signingSecret: keyRing.seal(signingSecret, [workspace, functionId, 'signingSecret']),
          previousSecret: null,
          previousUntil: null,
        },
        envelope(),
      );
      return functionId;
    },
    async trigger(
      functionId: string,
      triggerMetadata: TriggerEntry['triggerMetadata'] = {},
      triggerId: string = newId(),
    ): Promise<string> {
      await actors.ask(
        triggerAddress(triggerId),
        {
          type: 'RegisterTrigger',
          triggerId,
          name: triggerId,
          description: null,
          functionId,
          executionType: 'webhook',
          triggerMetadata: { path: `/${triggerId}`, ...triggerMetadata },
          isSystem: false,
        },
        envelope(),
      );
      return triggerId;
    },
    /** An event for the trigger; the answer is the arrival's id. */
    async arrive(
      triggerId: string,
      body: unknown = {},
      arrivalId: string = newId(),
    ): Promise<string> {
      const { position } = await actors.ask(
        arrivalAddress(arrivalId),
        {
          type: 'RecordArrival',
          arrivalId,
          source: { kind: 'webhook', key: triggerId },
          deliveryId: null,
          request: null,
          verification: null,
          body: { encoding: 'utf8', content: JSON.stringify(body) },
          bodySha256: '00',
        },
        envelope(),
      );
      if (position !== undefined && engine.ready) await engine.reached(position);
      return arrivalId;
    },
    onTrigger: (
      triggerId: string,
      command:
        | { type: 'PauseTrigger'; reason: string }
        | { type: 'ResumeTrigger' }
        | { type: 'RetireTrigger' },
    ) => actors.ask(triggerAddress(triggerId), command, envelope()),
    retireFunction: (functionId: string) =>
      actors.ask(functionAddress(functionId), { type: 'RetireFunction' }, envelope()),
    onInvocation: (
      invocationId: string,
      command: { type: 'CancelInvocation'; reason: string } | { type: 'RetryInvocation' },
    ) => createActors({ store }).ask(invocationAddress(invocationId), command, envelope()),
    /** Until nothing more happens by itself. */
    async quiet(): Promise<void> {
      let seen = '';
      for (let still = 0; still < 5; still += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        const now = `${(await store.readAll({ maxCount: 100_000 })).length}/${scripted.calls.length}`;
        if (now !== seen) still = 0;
        seen = now;
      }
    },
    types: async (): Promise<readonly string[]> => (await log()).map(({ type }) => type),
  };
};

export type World = ReturnType<typeof createWorld>;
