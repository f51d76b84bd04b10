import { describe, expect, it } from 'vitest';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { isoOf } from '../../src/domain/clock.ts';
import type { Recorded } from '../../src/domain/events.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { asPosition } from '../../src/domain/position.ts';
import { createActivity } from '../../src/running/activity.ts';
import type { AttemptCommands } from '../../src/running/attempt-commands.ts';
import type { CommandSender } from '../../src/running/command-sender.ts';
import { createDispatcher } from '../../src/running/dispatcher.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { createTestClock } from './test-clock.ts';
import { createWorld, succeeded } from './world.ts';

describe('of two processes that share a log', () => {
  it('the one that leaves an attempt to the other keeps nothing of the event in memory', async () => {
    const store: EventStore = { ...readsFacts(createMemoryStore()), exclusive: false };
    const here = createWorld({ store });
    const there = createWorld({ store, clock: here.clock });
    for (const { engine } of [here, there]) await engine.start();
    for (const { always } of [here, there]) always(succeeded);
    const trigger = await here.trigger(await here.function());
    for (let n = 0; n < 5; n += 1) await here.arrive(trigger, n);
    await here.quiet();

    expect(here.calls.length + there.calls.length).toBe(5);
    for (const { engine } of [here, there])
      expect(engine.stats()).toMatchObject({ open: 0, arrivalsKept: 0 });
  });
});

describe('of two processes, the one that has not the lane', () => {
  it('takes in no more for a trigger than may wait anywhere', async () => {
    const store: EventStore = { ...readsFacts(createMemoryStore()), exclusive: false };
    const here = createWorld({ store });
    const there = createWorld({ store, clock: here.clock });
    for (const { engine } of [here, there]) await engine.start();
    const trigger = await here.trigger(await here.function({ concurrency: 1 }), {
      queueCapacity: 2,
    });
    // The first of them is called, the second waits.
    for (let n = 0; n < 2; n += 1) await here.arrive(trigger, n);
    for (const { quiet } of [here, there]) await quiet();
    expect(here.calls.length + there.calls.length).toBe(1);
    const haveRoom = () =>
      [here, there].map(({ engine }) => {
        const giveBack = engine.backlog.reserve(trigger);
        giveBack?.();
        return giveBack !== undefined;
      });
    expect(haveRoom()).toEqual([true, true]);
    await here.arrive(trigger, 2);
    for (const { quiet } of [here, there]) await quiet();
    expect(haveRoom()).toEqual([false, false]);
  });
});

describe('the signs that owners give', () => {
  it('are kept as few as anybody could still ask for', async () => {
    const store: EventStore = { ...readsFacts(createMemoryStore()), exclusive: false };
    const world = createWorld({ store });
    await world.engine.start();
    for (let second = 0; second < 60; second += 1) {
      await world.quiet();
      world.clock.advance(1_000);
    }
    await world.quiet();

    expect(await world.types()).toContain('LaneTaken');
    expect((await store.readStream('members')).length).toBeLessThanOrEqual(16);
    expect(await store.getStreamMetadata('members')).toEqual({ maxCount: 16 });
  });
});

describe('an operator who wants an invocation once more', () => {
  it('gets it from one process, and the other one holds no slot for it', async () => {
    const store: EventStore = { ...readsFacts(createMemoryStore()), exclusive: false };
    const here = createWorld({ store });
    const there = createWorld({ store, clock: here.clock });
    for (const { engine } of [here, there]) await engine.start();
    for (const { always } of [here, there]) always(succeeded);
    const trigger = await here.trigger(await here.function());
    const arrivalId = await here.arrive(trigger);
    await here.quiet();

    await here.onInvocation(invocationIdOf(arrivalId, trigger), { type: 'RetryInvocation' });
    await here.quiet();

    expect((await here.types()).filter((type) => type === 'InvocationSucceeded')).toHaveLength(2);
    expect(there.engine.stats()).toMatchObject({ open: 0, running: 0, underWay: 0 });
  });
});

const info = { invocationId: 'invocation-1', triggerId: 'trigger-1' };
const functionId = 'function-1';

const fact = <Type extends Recorded['type']>(type: Type, data: object) =>
  ({
    type,
    data: { ...info, ...data },
    metadata: {
      workspace: 'acme',
      actor: 'system:dispatcher',
      occurredAt: '2026-01-01T00:00:00.000Z',
      schemaVersion: 1,
      $correlationId: 'arrival-1',
    },
    ...{ id: systemChance.newId(), stream: 'invocation-1', revision: 0 },
    ...{ position: asPosition('1'), recordedAt: '2026-01-01T00:00:00.000Z' },
  }) as unknown as Recorded<Type>;

/** A process that hears of what others do late. */
const lateListener = () => {
  const clock = createTestClock();
  const activity = createActivity();
  const starts: string[] = [];
  const lost: string[] = [];
  const commands: AttemptCommands = {
    claim: () => ({ attemptId: `attempt-${starts.length}`, claimedBy: 'here', leaseUntil: '' }),
    start: (_, { attemptId }) => {
      starts.push(attemptId);
      return new Promise(() => {});
    },
    abandon: () => new Promise(() => {}),
    lose: async (ticket) => void lost.push(ticket.info.invocationId),
    handBack: async () => undefined,
  };
  const sender: CommandSender = {
    send: () => new Promise(() => {}),
    toInvocation: () => new Promise(() => {}),
    keepTrying: () => new Promise(() => {}),
    stop: () => {},
    stopped: false,
    refused: 0,
  };
  const trigger = { status: 'active', triggerMetadata: {}, workspace: 'acme' };
  const dispatcher = createDispatcher({
    ...{ ownerId: 'here', exclusive: false, commands, sender, activity, clock, runningLimit: 10 },
    registry: {
      triggerById: () => trigger as unknown as TriggerEntry,
      functionById: () => ({ workspace: 'acme', concurrency: 10 }) as FunctionEntry,
      byKey: () => [],
    } as unknown as Parameters<typeof createDispatcher>[0]['registry'],
    mayStart: () => true,
    isReplayOpen: () => false,
    attempts: {
      run: () => {},
      drop: () => {},
      keepNoAnswer: () => {},
      interrupt: () => {},
      running: 0,
    },
  });
  return { clock, activity, starts, lost, dispatcher };
};

describe('facts of an earlier attempt that come in late', () => {
  it('do not make the process start what it has begun to start', () => {
    const { clock, activity, starts, dispatcher } = lateListener();
    dispatcher.queued(
      fact('InvocationQueued', { functionId, orderingKey: null, timeoutMs: 1_000 }),
    );
    dispatcher.recordEnds();
    expect(starts).toHaveLength(1);
    dispatcher.rescheduled(fact('AttemptLost', { retryAt: '2026-01-01T00:00:00.000Z' }));
    clock.advance(1_000);
    expect(starts).toHaveLength(1);
    dispatcher.ended(info.invocationId);
    expect(activity.count).toBe(0);
  });
});

describe('an attempt that another process has started', () => {
  it('is called by nobody else, and is lost when its lease is over', () => {
    const { clock, lost, dispatcher } = lateListener();
    dispatcher.queued(
      fact('InvocationQueued', { functionId, orderingKey: null, timeoutMs: 1_000 }),
    );
    const leaseUntil = isoOf(Date.parse('2026-01-01T00:00:00.000Z') + 5_000);
    dispatcher.started(fact('InvocationStarted', { attempt: 1, claimedBy: 'there', leaseUntil }));
    dispatcher.recordEnds();
    clock.advance(4_999);
    expect([dispatcher.running, lost]).toEqual([1, []]);
    clock.advance(1);
    expect(lost).toEqual([info.invocationId]);
  });
});
