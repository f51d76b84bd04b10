import type { OpenReplay } from '../../projections/open-replays.ts';
import type { QueueEntry } from '../../projections/queue.ts';
import type { RegistryEntry, TriggerEntry } from '../../projections/registry.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import { createActors } from '../../src/actors/actors.ts';
import {
  arrivalAddress,
  endedInvocationAddress,
  functionAddress,
  triggerAddress,
} from '../../src/actors/addresses.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { isoOf } from '../../src/domain/clock.ts';
import { isFact, isKnown, type Recorded } from '../../src/domain/events.ts';
import { invocation } from '../../src/domain/invocation/decider.ts';
import type { InvocationFact } from '../../src/domain/invocation/machine.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { type Logger, silentLogger } from '../../src/domain/logger.ts';
import type { RetryOverride } from '../../src/domain/retry-policy.ts';
import { type Receipt, recordArrival } from '../../src/intake/record-arrival.ts';
import { createEngine } from '../../src/running/engine.ts';
import type { EngineDeps } from '../../src/running/engine-deps.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import type { Call, CallTarget } from '../../src/targets/target.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import type { Capture, Snapshot } from '../../src/views/hot-views.ts';
import type { Views } from '../../src/views/views.ts';
import { noViews } from './no-views.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export const answered = (content: string): CallOutcome => ({
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content },
  },
});

export const succeeded = answered('');

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
        openReplays: merge(new Map<string, OpenReplay>(saved?.openReplays), changed.openReplays),
      };
    },
  };
};

export interface WorldOptions {
  readonly store?: EventStore;
  readonly clock?: TestClock;
  readonly limits?: EngineDeps['limits'];
  readonly log?: Logger;
  readonly payloadDays?: number;
  readonly views?: Pick<Views, 'get' | 'find' | 'reached'>;
  readonly answersBeside?: boolean;
}

export const workspace = 'acme';
const keyRing = createKeyRing([{ version: 1, key: Buffer.alloc(32, 7) }], systemChance);
export const signingSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
/** The one before, for functions that are in the middle of a rotation. */
export const previousSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

/** An engine over a store in memory, with a still clock and a target in the test's hands. */
export const createWorld = (options: WorldOptions = {}) => {
  let store = options.store ?? readsFacts(createMemoryStore());
  const clock = options.clock ?? createTestClock();
  const scripted = createScriptedTarget();
  const snapshots = createSnapshots();
  let actors = createActors({ store, chance: systemChance });
  const fatal: unknown[] = [];

  let runs = 0;

  /** A run that is over saves nothing any more. */
  const savedBy = (run: number) => ({
    ...(options.views ?? noViews),
    loadSnapshot: () => snapshots.loadSnapshot(),
    saveSnapshot: async (capture: Capture): Promise<void> => {
      if (run === runs) await snapshots.saveSnapshot(capture);
    },
  });

  /** As a process sees it: once that is no more, it neither writes nor hears anything. */
  const seenBy = (run: number): EventStore => ({
    ...store,
    append: (...parts) => (run === runs ? store.append(...parts) : new Promise(() => {})),
    subscribeAll: (from, handlers) =>
      store.subscribeAll(from, {
        ...handlers,
        onEvents: (events) => (run === runs ? handlers.onEvents(events) : undefined),
      }),
  });

  const open = () => {
    runs += 1;
    return createEngine({
      store: seenBy(runs),
      actors,
      views: savedBy(runs),
      target: scripted.target,
      kinds: triggerKinds,
      sealing: keyRing,
      clock,
      log: options.log ?? silentLogger,
      chance: { ...systemChance, random: () => 0.5 },
      ownerId: systemChance.newId(),
      ...(options.limits && { limits: options.limits }),
      payloadDays: options.payloadDays,
      answersBeside: options.answersBeside,
      onFatal: (error) => fatal.push(error),
    });
  };

  const envelope = () => ({
    workspace,
    actor: 'user:test',
    occurredAt: isoOf(clock.now()),
    $correlationId: systemChance.newId(),
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
      actors = createActors({ store, chance: systemChance });
      engine = open();
      await engine.start();
    },
    async function(
      over: {
        concurrency?: number;
        retry?: RetryOverride;
        functionId?: string;
        /** Until when the secret before signs as well. */
        overlapUntil?: number;
      } = {},
    ): Promise<string> {
      const functionId = over.functionId ?? systemChance.newId();
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
          previousSecret:
            over.overlapUntil === undefined
              ? null
              : keyRing.seal(previousSecret, [workspace, functionId, 'signingSecret']),
          previousUntil: over.overlapUntil === undefined ? null : isoOf(over.overlapUntil),
        },
        envelope(),
      );
      return functionId;
    },
    async trigger(
      functionId: string,
      triggerMetadata: TriggerEntry['triggerMetadata'] = {},
      triggerId: string = systemChance.newId(),
      executionType: 'webhook' | 'message' = 'webhook',
    ): Promise<string> {
      await actors.ask(
        triggerAddress(triggerId),
        {
          type: 'RegisterTrigger',
          triggerId,
          name: triggerId,
          description: null,
          functionId,
          executionType,
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
      arrivalId: string = systemChance.newId(),
      kind = 'webhook',
    ): Promise<string> {
      const { position } = await actors.ask(
        arrivalAddress(arrivalId),
        {
          type: 'RecordArrival',
          arrivalId,
          source: { kind, key: triggerId },
          deliveryId: null,
          request: null,
          verification: null,
          body: { encoding: 'utf8', content: JSON.stringify(body) },
          ...(kind === 'webhook' && { acceptedFor: { triggerId, version: 1 } }),
        },
        envelope(),
      );
      if (position !== undefined && engine.ready) await engine.reached(position);
      return arrivalId;
    },
    /** The same by way of the door, which may decide on it before it is recorded. */
    deliver: (
      triggerId: string,
      over: {
        readonly body?: unknown;
        readonly deliveryId?: string;
        readonly giveBack?: () => void;
      } = {},
    ): Promise<Receipt> =>
      recordArrival(
        { actors, chance: systemChance, engine, store },
        {
          workspace,
          actor: 'sender:test',
          receivedAt: clock.now(),
          source: { kind: 'webhook', key: `/${triggerId}` },
          deliveryId: over.deliveryId ?? null,
          request: null,
          verification: null,
          rawBody: Buffer.from(JSON.stringify(over.body ?? {})),
          acceptedFor: { triggerId, version: 1 },
          ...(over.giveBack && { giveBack: over.giveBack }),
        },
      ),
    /** A message to whoever listens to the topic. */
    publish: (topic: string): Promise<Receipt> =>
      recordArrival(
        { actors, chance: systemChance, engine, store },
        {
          workspace,
          actor: 'user:test',
          receivedAt: clock.now(),
          source: { kind: 'message', key: topic },
          deliveryId: null,
          request: null,
          verification: null,
          rawBody: Buffer.from('{}'),
        },
      ),
    forget: (arrivalId: string, places: readonly string[]) =>
      actors.ask(
        arrivalAddress(arrivalId),
        { type: 'ForgetPayload', places, reason: undefined },
        envelope(),
      ),
    onTrigger: (
      triggerId: string,
      command:
        | { type: 'PauseTrigger'; reason: string }
        | { type: 'ResumeTrigger' }
        | { type: 'RetireTrigger' }
        | { type: 'ReviseTrigger'; name: string },
    ) => actors.ask(triggerAddress(triggerId), command, envelope()),
    retireFunction: (functionId: string) =>
      actors.ask(functionAddress(functionId), { type: 'RetireFunction' }, envelope()),
    async onInvocation(
      invocationId: string,
      command: { type: 'CancelInvocation'; reason: string } | { type: 'RetryInvocation' },
    ): Promise<unknown> {
      if (command.type === 'CancelInvocation') {
        return engine.invocations.ask(invocationId, command, envelope());
      }
      const history = (await log()).filter(
        ({ data }) => 'invocationId' in data && data.invocationId === invocationId,
      );
      const state = history.reduce(
        (before, fact) => invocation.evolve(before, fact as InvocationFact),
        invocation.initialState,
      );
      const [first] = history;
      if (first === undefined || !isFact(first, 'InvocationQueued')) throw new Error('not queued');
      const { $correlationId: correlationId } = first.metadata;
      const repeats = { ...first.data, correlationId };
      const address = endedInvocationAddress(state);
      return createActors({ store, chance: systemChance }).ask(
        address,
        { ...command, repeats },
        envelope(),
      );
    },
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
