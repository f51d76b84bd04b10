import { afterEach, describe, expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import { isFact, type Recorded } from '../../src/domain/events.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { namedPayload } from '../../src/domain/named-payload.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { answered, createWorld, failedWith, succeeded, type World } from './world.ts';

let world: World = createWorld();

const fresh = async (options: Parameters<typeof createWorld>[0] = {}): Promise<void> => {
  world = createWorld(options);
  await world.engine.start();
};

afterEach(async () => {
  const log = await world.store.readAll({ maxCount: 100_000 });
  expect(brokenPromises(log, { settled: true })).toEqual([]);
  await world.engine.stop(0);
});

const isThere = async (position: string, store: EventStore = world.store): Promise<boolean> => {
  const [part] = await store.readPayloads([{ position: asPosition(position) }], 10);
  return part !== undefined;
};

const placeOf = async (arrivalId: string): Promise<string> => {
  const log = await world.log();
  const arrived = log.find(
    (event) => isFact(event, 'EventArrived') && event.data.arrivalId === arrivalId,
  );
  return arrived?.position ?? '';
};

const deaths = async (): Promise<readonly Recorded<'InvocationDeadLettered'>['data'][]> =>
  (await world.log())
    .filter((event) => isFact(event, 'InvocationDeadLettered'))
    .map(({ data }) => data);

const retried = { retry: { maxAttempts: 3, initialDelayMs: 100 } };

/** One event for a new trigger. */
const deliver = async (metadata: Parameters<World['trigger']>[1] = {}) => {
  const trigger = await world.trigger(await world.function(retried), metadata);
  const { arrivalId } = await world.deliver(trigger, { body: { n: 1 } });
  await world.quiet();
  return { trigger, arrivalId, place: await placeOf(arrivalId) };
};

describe('an event whose body was forgotten', () => {
  it('ends dead where a retry would need the body', async () => {
    await fresh();
    const { arrivalId, place } = await deliver();
    world.calls[0]?.answer(failedWith(500));
    await world.quiet();
    await world.forget(arrivalId, [place]);
    await world.quiet();
    expect(await isThere(place)).toBe(false);
    world.clock.advance(60_000);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    expect(await deaths()).toMatchObject([
      { reason: 'payload-forgotten', failure: { kind: 'payload-forgotten' } },
    ]);
  });

  it('ends dead where it waits for its first attempt, though the body was at hand', async () => {
    await fresh();
    const { trigger, place } = await deliver({ concurrency: 1 });
    const { arrivalId } = await world.deliver(trigger, { body: { n: 2 } });
    await world.quiet();
    await world.forget(arrivalId, [await placeOf(arrivalId)]);
    await world.quiet();
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    expect(await deaths()).toMatchObject([
      { invocationId: invocationIdOf(arrivalId, trigger), reason: 'payload-forgotten' },
    ]);
    expect(await isThere(place)).toBe(true);
    expect(world.engine.stats()['arrivalsKept']).toBe(0);
  });

  it('ends dead where an operator retries it', async () => {
    await fresh();
    world.always(succeeded);
    const { trigger, arrivalId, place } = await deliver();
    await world.forget(arrivalId, [place]);
    await world.onInvocation(invocationIdOf(arrivalId, trigger), { type: 'RetryInvocation' });
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    expect(await deaths()).toMatchObject([{ reason: 'payload-forgotten' }]);
  });

  it('is given to nobody from the fact on, however long its bytes take to go', async () => {
    const store = readsFacts(createMemoryStore());
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await fresh({ store: { ...store, forgetPayloads: () => held } });
    const { arrivalId, place } = await deliver();
    world.calls[0]?.answer(failedWith(500));
    await world.quiet();
    await world.forget(arrivalId, [place]);
    world.clock.advance(60_000);
    await world.quiet();
    expect(await isThere(place)).toBe(true);
    expect(world.calls).toHaveLength(1);
    expect(await deaths()).toMatchObject([{ reason: 'payload-forgotten' }]);
    goOn();
  });
});

describe('a crash between the fact and the deletion', () => {
  it.each([0, 1, 20])('only delays it, %i events later', async (later) => {
    const store = readsFacts(createMemoryStore());
    const asked: string[] = [];
    const dying: EventStore = {
      ...store,
      forgetPayloads: (places) => {
        asked.push(...places);
        return new Promise(() => {});
      },
    };
    await fresh({ store: dying, limits: { checkpointEvents: 3 } });
    world.always(succeeded);
    const { trigger, arrivalId, place } = await deliver();
    await world.forget(arrivalId, [place]);
    await world.quiet();
    for (let n = 0; n < later; n += 1) await world.deliver(trigger, { body: { n } });
    await world.quiet();
    expect(asked).toEqual([place]);
    expect(await isThere(place)).toBe(true);
    await world.restart(store);
    await world.quiet();
    expect(await isThere(place)).toBe(false);
  });

  it('is made up for once, and once more after a start that knows of none', async () => {
    const store = readsFacts(createMemoryStore());
    await fresh({ store });
    world.always(succeeded);
    const { arrivalId, place } = await deliver();
    await world.forget(arrivalId, [place]);
    await world.quiet();
    expect(world.snapshots.saved).toBeUndefined();
    await world.restart(store);
    await world.quiet();
    expect(await isThere(place)).toBe(false);
    expect(world.fatal).toEqual([]);
  });
});

describe('bodies that are older than they are to be kept', () => {
  const dayMs = 86_400_000;
  /** The hours pass, and whoever looks at them has the time to. */
  const pass = async (ms: number): Promise<void> => {
    world.clock.advance(ms);
    await world.quiet();
    world.clock.advance(61_000);
    await world.quiet();
    world.clock.advance(1_000);
    await world.quiet();
  };
  const expired = async () =>
    (await world.log()).filter((event) => isFact(event, 'PayloadsExpired'));

  it('go, unless something that has not ended needs them, and then go later', async () => {
    await fresh({ payloadDays: 2 });
    world.always(succeeded);
    const old = await deliver();
    world.always(undefined);
    const running = await deliver();
    await pass(2 * dayMs);
    world.always(succeeded);
    const young = await deliver();
    expect(await isThere(old.place)).toBe(false);
    expect(await isThere(running.place)).toBe(true);
    expect(await isThere(young.place)).toBe(true);
    expect(await expired()).toHaveLength(1);
    world.calls[1]?.answer(succeeded);
    await world.quiet();
    await pass(61_000);
    expect(await isThere(running.place)).toBe(false);
    expect(await isThere(young.place)).toBe(true);
    expect(await expired()).toMatchObject([
      {
        metadata: { workspace: '$system', actor: 'system:retention' },
        data: { kept: [{ arrivalId: running.arrivalId, place: running.place }], also: [] },
      },
      { data: { kept: [], also: [running.place] } },
    ]);
  });

  it('take long answers along, each by its own age, which nobody needs', async () => {
    await fresh({ payloadDays: 2 });
    const { place } = await deliver();
    const failure = failedWith(500);
    const body = { encoding: 'utf8', content: 'x'.repeat(9_000) } as const;
    if (failure.ok) throw new TypeError('it is a failure');
    world.calls[0]?.answer({ ...failure, failure: { ...failure.failure, body } });
    await pass(60_000);
    expect(world.calls).toHaveLength(2);
    await pass(2 * dayMs);
    world.calls[1]?.answer(answered('y'.repeat(9_000)));
    await world.quiet();
    await pass(61_000);
    const log = await world.log();
    const placeOf = (type: string) => log.find((event) => event.type === type)?.position ?? '';
    expect(await isThere(place)).toBe(false);
    expect(await isThere(placeOf('InvocationFailed'))).toBe(false);
    expect(await isThere(placeOf('InvocationSucceeded'))).toBe(true);
    await pass(2 * dayMs);
    expect(await isThere(placeOf('InvocationSucceeded'))).toBe(false);
  });

  it('are kept for good where no time is set', async () => {
    await fresh();
    world.always(succeeded);
    const { place } = await deliver();
    await pass(1_000 * dayMs);
    expect(await isThere(place)).toBe(true);
    expect(await expired()).toEqual([]);
  });

  it('go a portion at a time, in one fact each', async () => {
    await fresh({ payloadDays: 1 });
    world.always(succeeded);
    const { trigger } = await deliver();
    for (let n = 1; n < 1_201; n += 1) await world.deliver(trigger, { body: { n } });
    await world.quiet();
    await pass(dayMs);
    await pass(1_000);
    const places = (await world.log()).filter((event) => isFact(event, 'EventArrived'));
    const there = await Promise.all(places.map(({ position }) => isThere(position)));
    expect(there.filter(Boolean)).toEqual([]);
    expect(await expired()).toHaveLength(3);
  });

  it('go after a crash in between, too', async () => {
    const store = readsFacts(createMemoryStore());
    const dying: EventStore = { ...store, forgetPayloads: () => new Promise(() => {}) };
    await fresh({ store: dying, payloadDays: 1, limits: { checkpointEvents: 1 } });
    world.always(succeeded);
    const { place } = await deliver();
    await pass(dayMs);
    expect(await expired()).toHaveLength(1);
    expect(await isThere(place)).toBe(true);
    await world.restart(store);
    await world.quiet();
    expect(await isThere(place)).toBe(false);
  });

  it('go as far as the store can let them', async () => {
    const store = readsFacts(createMemoryStore());
    const riding = new Set<string>();
    const keeping: EventStore = {
      ...store,
      forgetPayloads: async (places) => {
        if (places.some((place) => riding.has(place)))
          throw new TriplineError('payload-not-forgettable', 'in the record');
        await store.forgetPayloads(places);
      },
    };
    await fresh({ store: keeping, payloadDays: 1 });
    world.always(succeeded);
    const [one, two, three] = [await deliver(), await deliver(), await deliver()];
    riding.add(two.place);
    await pass(dayMs);
    const there = await Promise.all([one, two, three].map(({ place }) => isThere(place)));
    expect(there).toEqual([false, true, false]);
  });
});

describe('answers', () => {
  const namedIn = async (options: Parameters<typeof createWorld>[0]) => {
    await fresh(options);
    world.always(answered('x'));
    await deliver();
    const log = await world.log();
    const ended = log.find(({ type }) => type === 'InvocationSucceeded');
    return ended && namedPayload(ended)?.size;
  };

  it('lie in their facts while they are short', async () => {
    expect(await namedIn({})).toBeUndefined();
  });

  it('lie beside all the same where they are all to be forgotten some day', async () => {
    expect(await namedIn({ answersBeside: true })).toBe(1);
  });
});
