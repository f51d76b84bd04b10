import { afterEach, describe, expect, it } from 'vitest';
import { type ErrorCode, TriplineError } from '../../src/domain/errors.ts';
import type { Recorded } from '../../src/domain/events.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { brokenPromises, ownersOf } from '../invariants/broken-promises.ts';
import { createWorld, failedWith, succeeded, type World } from './world.ts';

let world: World = createWorld();

const fresh = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = createWorld(options);
  await world.engine.start();
  return world;
};

afterEach(async () => {
  const { store } = world;
  const log = await store.readAll({ maxCount: 100_000 });
  expect(brokenPromises(log, { owners: ownersOf(store) })).toEqual([]);
  await world.engine.stop(0);
});

const count = async (type: Recorded['type']): Promise<number> =>
  (await world.types()).filter((found) => found === type).length;

/** Answers every call as the target would, until nothing is left to do. */
const finish = async (): Promise<void> => {
  world.always(succeeded);
  for (let round = 0; round < 10; round += 1) {
    await world.quiet();
    world.clock.advance(3_600_000);
  }
  await world.quiet();
  expect(
    brokenPromises(await world.log(), { settled: true, owners: ownersOf(world.store) }),
  ).toEqual([]);
};

/** As another process on a shared store would see it: nobody may assume to be alone. */
const shared = (): EventStore => ({ ...readsFacts(createMemoryStore()), exclusive: false });

/** A process that can be cut off from its store, and neither writes nor hears anything meanwhile. */
const createCutOff = (store: EventStore) => {
  let isCut = false;
  let heal = (): void => {};
  let healed = Promise.resolve();
  const onceHealed = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    while (isCut) await healed;
    return task();
  };
  return {
    store: {
      ...store,
      append: (...parts) => onceHealed(() => store.append(...parts)),
      readStream: (...parts) => onceHealed(() => store.readStream(...parts)),
      subscribeAll: (options, handlers) =>
        store.subscribeAll(options, {
          ...handlers,
          onEvents: (events) => onceHealed(async () => handlers.onEvents(events)),
        }),
    } satisfies EventStore,
    cut(): void {
      isCut = true;
      healed = new Promise((resolve) => {
        heal = resolve;
      });
    },
    restore(): void {
      isCut = false;
      heal();
    },
  };
};

describe('after a crash', () => {
  it('a running attempt is lost at once and another one follows', async () => {
    await fresh();
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    await world.restart();
    await world.quiet();
    expect((await world.types()).at(-1)).toBe('AttemptLost');
    await finish();
    expect(await count('InvocationStarted')).toBe(2);
  });

  it('an attempt that was the last one ends the invocation', async () => {
    await fresh();
    await world.arrive(await world.trigger(await world.function({ retry: { maxAttempts: 1 } })));
    await world.quiet();
    await world.restart();
    await world.quiet();
    expect((await world.types()).slice(-2)).toEqual(['AttemptLost', 'InvocationDeadLettered']);
    expect(world.calls).toHaveLength(1);
  });

  it('the answer to the lost attempt counts for nothing', async () => {
    await fresh();
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    await world.restart();
    await world.quiet();
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    expect(await count('InvocationSucceeded')).toBe(0);
    await finish();
    expect(await count('InvocationSucceeded')).toBe(1);
  });

  it('an attempt of another process is believed in until its lease is over', async () => {
    const log = shared();
    let dead = false;
    const append: EventStore['append'] = (...parts) =>
      dead ? new Promise(() => {}) : log.append(...parts);
    await fresh({ store: { ...log, append } });
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    dead = true;
    await world.restart(log);
    await world.quiet();
    for (let second = 0; second < 30; second += 1) {
      world.clock.advance(1_000);
      await world.quiet();
    }
    expect(await count('LaneTaken')).toBe(2);
    world.clock.advance(999);
    await world.quiet();
    expect(await count('AttemptLost')).toBe(0);
    world.clock.advance(1);
    await world.quiet();
    expect(await count('AttemptLost')).toBe(1);
    await finish();
  });

  it('queued ones are taken up in their order, within the limits', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    for (let n = 0; n < 5; n += 1) await world.arrive(triggerId, n);
    await world.quiet();
    await world.restart();
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(4);
    await finish();
    const first = world.calls.map(({ body }) => JSON.parse(String(body)).executionParams.payload);
    expect(first.slice(1, 5)).toEqual([1, 2, 3, 4]);
    expect(await count('InvocationSucceeded')).toBe(5);
  });

  it('a retry comes at its own time', async () => {
    await fresh();
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    world.calls[0]?.answer(failedWith(500));
    await world.quiet();
    await world.restart();
    world.clock.advance(499);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    world.clock.advance(1);
    await world.quiet();
    expect(world.calls).toHaveLength(2);
  });

  it('what is held stays held, and the resumption finds it', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    await world.onTrigger(triggerId, { type: 'PauseTrigger', reason: 'test' });
    await world.arrive(triggerId);
    await world.quiet();
    await world.restart();
    await world.quiet();
    expect(world.calls).toHaveLength(0);
    await world.onTrigger(triggerId, { type: 'ResumeTrigger' });
    await finish();
  });

  it('a resumption by an operator is not undone by the suspension it answered', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    world.answers.push(failedWith(410));
    await world.arrive(triggerId);
    await world.quiet();
    await world.onTrigger(triggerId, { type: 'ResumeTrigger' });
    await world.restart();
    await world.quiet();
    expect(world.engine.registry.triggerById(triggerId)?.status).toBe('active');
    expect(await count('TriggerSuspended')).toBe(1);
  });

  it('arrivals nobody has routed yet are routed by the triggers of their time', async () => {
    world = createWorld();
    const functionId = await world.function();
    const early = await world.trigger(functionId);
    await world.arrive(early);
    await world.onTrigger(early, { type: 'RetireTrigger' });
    const late = await world.trigger(functionId);
    await world.arrive(late);
    await world.engine.start();
    await finish();
    expect(await count('InvocationQueued')).toBe(2);
    expect(await count('InvocationCancelled')).toBe(1);
  });
});

describe('a snapshot', () => {
  it('is all a start needs, besides what came after it', async () => {
    await fresh({ limits: { checkpointEvents: 3 } });
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    for (let n = 0; n < 4; n += 1) await world.arrive(triggerId, n);
    await world.quiet();
    expect(world.snapshots.saves).toBeGreaterThan(1);
    await world.restart();
    expect(world.engine.registry.triggerById(triggerId)?.functionId).toBeDefined();
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(3);
    await finish();
    expect(await count('InvocationSucceeded')).toBe(4);
  });

  it('saved while a start catches up leaves nothing out that is still to be done', async () => {
    const inner = readsFacts(createMemoryStore());
    world = createWorld({ store: inner, limits: { checkpointEvents: 5 } });
    const functionId = await world.function();
    const triggers = [await world.trigger(functionId), await world.trigger(functionId)];
    for (const triggerId of triggers) await world.arrive(triggerId);
    const stuck: EventStore = { ...inner, append: () => new Promise(() => {}) };
    await world.restart(stuck);
    await world.quiet();
    await world.restart(inner);
    await finish();
    expect(await count('InvocationSucceeded')).toBe(2);
  });

  it('is saved by an orderly stop, so that the next start reads nothing again', async () => {
    await fresh();
    world.always(succeeded);
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    await world.engine.stop(0);
    const [last] = await world.store.readAll({ direction: 'backwards', maxCount: 1 });
    expect(world.snapshots.saved?.position).toBe(last?.position);
    expect(world.snapshots.saved?.queue.size).toBe(0);
    expect(world.snapshots.saved?.registry.size).toBe(2);
  });
});

describe('a store that is away', () => {
  const faulty = (code: ErrorCode, concerns = /./) => {
    const inner = readsFacts(createMemoryStore());
    const state = { away: false };
    const store: EventStore = {
      ...inner,
      append: (stream, ...rest) =>
        state.away && concerns.test(stream)
          ? Promise.reject(new TriplineError(code, 'test'))
          : inner.append(stream, ...rest),
    };
    return { store, state };
  };

  it.each(['store-unavailable', 'disk-full', 'outcome-unknown'] as const)(
    'makes the outcome wait, not disappear: %s',
    async (code) => {
      const { store, state } = faulty(code);
      await fresh({ store });
      await world.arrive(await world.trigger(await world.function()));
      await world.quiet();
      state.away = true;
      world.calls[0]?.answer(succeeded);
      for (let n = 0; n < 5; n += 1) {
        await world.quiet();
        world.clock.advance(60_000);
      }
      expect(await count('InvocationSucceeded')).toBe(0);
      state.away = false;
      world.clock.advance(60_000);
      await world.quiet();
      expect(await count('InvocationSucceeded')).toBe(1);
      expect(world.calls).toHaveLength(1);
      expect(world.engine.stats()['refused']).toBe(0);
    },
  );

  it('when the engine stops leaves what was given up to the next start', async () => {
    const { store, state } = faulty('store-unavailable', /^lane-/);
    await fresh({ store });
    const triggerId = await world.trigger(await world.function());
    state.away = true;
    await world.arrive(triggerId);
    await world.quiet();
    const stopped = world.engine.stop(1_000);
    for (let n = 0; n < 10; n += 1) {
      await world.quiet();
      world.clock.advance(1_000);
    }
    await stopped;
    expect(await count('InvocationQueued')).toBe(0);
    state.away = false;
    await world.restart();
    await finish();
    expect(await count('InvocationQueued')).toBe(1);
  });

  it('for good is the end of the process', async () => {
    const { store, state } = faulty('store-failed');
    await fresh({ store });
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    state.away = true;
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    expect(world.fatal).toMatchObject([{ code: 'store-failed' }]);
  });

  it('does not keep a stop from ending', async () => {
    const { store, state } = faulty('store-unavailable');
    await fresh({ store });
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    state.away = true;
    const stopped = world.engine.stop(1_000);
    world.clock.advance(1_000);
    await world.quiet();
    for (let n = 0; n < 10; n += 1) {
      world.clock.advance(1_000);
      await world.quiet();
    }
    await stopped;
    state.away = false;
    await world.restart();
    await finish();
  });
});

describe('two engines on one shared store', () => {
  it('go on where the one that ran the lane falls silent', async () => {
    const store = shared();
    const mute = createCutOff(store);
    await fresh({ store: mute.store });
    const other = createWorld({ store, clock: world.clock });
    await other.engine.start();
    const triggerId = await world.trigger(await world.function());
    await world.arrive(triggerId);
    await world.quiet();
    expect([world.calls.length, other.calls.length]).toEqual([1, 0]);
    mute.cut();
    other.always(succeeded);
    for (let second = 0; second < 7; second += 1) {
      world.clock.advance(1_000);
      await world.quiet();
    }
    expect(await count('LaneTaken')).toBe(1);
    for (let second = 0; second < 60; second += 1) {
      world.clock.advance(1_000);
      await world.quiet();
    }
    expect(await count('LaneTaken')).toBe(2);
    // The lease of what was under way has to be over first.
    expect(await count('AttemptLost')).toBe(1);
    expect(await count('InvocationSucceeded')).toBe(1);
    mute.restore();
    world.calls[0]?.answer(failedWith(500));
    for (let second = 0; second < 10; second += 1) {
      world.clock.advance(1_000);
      await world.quiet();
    }
    expect(await count('InvocationFailed')).toBe(0);
    expect(world.fatal[0]).toMatchObject({ code: 'store-unavailable' });
    await other.engine.stop(0);
  });

  it('make one invocation of an arrival, with one attempt at a time', async () => {
    const store = shared();
    await fresh({ store });
    const other = createWorld({ store, clock: world.clock });
    await other.engine.start();
    other.always(succeeded);
    world.always(succeeded);
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    for (let n = 0; n < 20; n += 1) await world.arrive(triggerId, n);
    for (let round = 0; round < 20; round += 1) {
      await world.quiet();
      world.clock.advance(2_000);
    }
    expect(
      brokenPromises(await world.log(), { settled: true, owners: ownersOf(world.store) }),
    ).toEqual([]);
    expect(world.calls.length + other.calls.length).toBe(20);
    await other.engine.stop(0);
  });
});
