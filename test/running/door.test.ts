import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import { type Fact, isFact, versionOf } from '../../src/domain/events.ts';
import { arrivalIdOf, invocationIdOf } from '../../src/domain/ids.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { recordOf } from '../../src/store/record.ts';
import { brokenPromises, ownersOf } from '../invariants/broken-promises.ts';
import { createWorld, succeeded, type World } from './world.ts';

/** Counts appends, and makes the next one to an arrival's stream end as it is told to. */
const watched = (over: Partial<EventStore> = {}) => {
  const memory = { ...readsFacts(createMemoryStore()), ...over };
  const appends: string[] = [];
  let fail: ((append: () => Promise<unknown>) => Promise<never>) | undefined;
  const store: EventStore = {
    ...memory,
    append: (stream, expected, records) => {
      appends.push(stream.replace(/-.*/, ''));
      const append = () => memory.append(stream, expected, records);
      return fail !== undefined && stream.startsWith('arrival-') ? fail(append) : append();
    },
  };
  return {
    store,
    inner: memory,
    appends,
    failWith(how: typeof fail): void {
      fail = how;
    },
  };
};

let log = watched();
let world: World = createWorld();

const fresh = async (options: Parameters<typeof createWorld>[0] = {}): Promise<void> => {
  log = watched(options.store);
  world = createWorld({ ...options, store: log.store });
  await world.engine.start();
};

const settled = async (): Promise<void> => {
  world.always(succeeded);
  for (const call of world.calls) call.answer(succeeded);
  for (let round = 0; round < 8; round += 1) {
    await world.quiet();
    world.clock.advance(3_600_000);
  }
  const promises = { settled: true, owners: ownersOf(world.store) } as const;
  expect(brokenPromises(await world.store.readAll({ maxCount: 100_000 }), promises)).toEqual([]);
  expect(world.engine.stats()).toMatchObject({ open: 0, running: 0, underWay: 0, arrivalsKept: 0 });
};

afterEach(async () => {
  await world.engine.stop(0);
});

/** The facts of each record since the arrival, record by record. */
const records = async (): Promise<readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const { stream, revision, type } of await world.log()) {
    const record = `${stream}@${revision}`;
    found.set(record, [...(found.get(record) ?? []), type]);
  }
  const all = [...found.values()].map((types) => types.join(' '));
  return all.slice(all.findIndex((types) => types.startsWith('EventArrived')));
};

describe('an arrival that is decided on before it is recorded', () => {
  it('is one record with its queue and its start, and its end is another append', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    log.appends.length = 0;
    world.always(succeeded);
    await world.deliver(triggerId);
    await world.quiet();
    expect(await records()).toEqual([
      'EventArrived InvocationQueued InvocationStarted',
      'InvocationSucceeded',
    ]);
    expect(log.appends).toEqual(['arrival', 'lane']);
    expect(world.calls).toHaveLength(1);
    await settled();
  });

  it('names the registry it was decided on, and itself as the cause of what rides with it', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    const [, registered] = await world.log();
    await world.deliver(triggerId);
    const [arrived, queued, started] = (await world.log()).slice(2);
    expect(arrived?.data).toMatchObject({ decidedAt: registered?.position });
    for (const fact of [queued, started])
      expect(fact?.metadata).toMatchObject({ $causationId: arrived?.id, actor: 'system:router' });
    await settled();
  });

  it('is queued only where no slot is free, and starts when one is', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function({ concurrency: 1 }));
    await world.deliver(triggerId);
    await world.deliver(triggerId);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    expect(await records()).toEqual([
      'EventArrived InvocationQueued InvocationStarted',
      'EventArrived InvocationQueued',
      'InvocationSucceeded',
      'InvocationStarted',
    ]);
    await settled();
  });

  it('does not start before those that stand in line', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    const receipts = [];
    for (let n = 0; n < 5; n += 1) receipts.push(await world.deliver(triggerId));
    world.always(succeeded);
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    const order = (await world.log())
      .filter(({ type }) => type === 'InvocationStarted')
      .map(({ data }) => ('invocationId' in data ? data.invocationId : ''));
    expect(order).toEqual(receipts.map(({ arrivalId }) => invocationIdOf(arrivalId, triggerId)));
    await settled();
  });

  it('does not start with an ordering key, whose line the lane keeps', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function(), {
      orderingKey: { pointer: '/k' },
    });
    await world.deliver(triggerId, { body: { k: 'a' } });
    await world.quiet();
    expect(await records()).toEqual(['EventArrived InvocationQueued', 'InvocationStarted']);
    await settled();
  });

  it('is withheld from a trigger that is stopped, in the same record', async () => {
    await fresh();
    const listening = { topic: 'a.b' };
    const functionId = await world.function();
    await world.trigger(functionId, listening, 'runs', 'message');
    await world.trigger(functionId, listening, 'stopped', 'message');
    const { position = '' } = await world.onTrigger('stopped', {
      type: 'PauseTrigger',
      reason: 'test',
    });
    await world.engine.reached(position as never);
    await world.publish('a.b');
    expect(await records()).toEqual([
      'EventArrived InvocationQueued InvocationStarted EventWithheld',
    ]);
    await settled();
  });
});

describe('a slot given out for an arrival', () => {
  const whenOneIsFree = async (): Promise<string> => {
    await fresh();
    return await world.trigger(await world.function({ concurrency: 1 }));
  };

  it('is given back where the delivery was known before', async () => {
    const triggerId = await whenOneIsFree();
    world.always(succeeded);
    await world.deliver(triggerId, { deliveryId: 'd' });
    await world.quiet();
    expect(await world.deliver(triggerId, { deliveryId: 'd' })).toMatchObject({
      repeat: 'same-body',
    });
    expect(world.engine.stats()).toMatchObject({ running: 0, open: 0, underWay: 0 });
    await world.deliver(triggerId);
    await world.quiet();
    expect(world.calls).toHaveLength(2);
    await settled();
  });

  it('is given back where the arrival could not be recorded', async () => {
    const triggerId = await whenOneIsFree();
    log.failWith(() => Promise.reject(new TriplineError('store-unavailable', 'away')));
    await expect(world.deliver(triggerId)).rejects.toMatchObject({ code: 'store-unavailable' });
    log.failWith(undefined);
    expect(world.engine.stats()).toMatchObject({ running: 0, open: 0, underWay: 0 });
    world.always(succeeded);
    await world.deliver(triggerId);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    await settled();
  });

  it('is used where the arrival was recorded after all, and nobody could know', async () => {
    const triggerId = await whenOneIsFree();
    log.failWith(async (append) => {
      await append();
      throw new TriplineError('outcome-unknown', 'no answer');
    });
    await expect(world.deliver(triggerId)).rejects.toMatchObject({ code: 'outcome-unknown' });
    log.failWith(undefined);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    await settled();
  });
});

describe('a delivery that was recorded otherwise while it rode', () => {
  /** Its append stands until it is told to go, and then finds what came before. */
  const overtaken = async (triggerId: string, facts: readonly Fact[]): Promise<void> => {
    let go = (): void => {};
    log.failWith(async (append) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return (await append()) as never;
    });
    const delivering = world.deliver(triggerId, { deliveryId: 'd' });
    await world.quiet();
    const toRecord = facts.map((fact) => ({ fact, schemaVersion: versionOf(fact.type) ?? 1 }));
    const metadata = {
      ...{ workspace: 'acme', actor: 'sender:test', $correlationId: 'd' },
      occurredAt: '2026-01-01T00:00:00.000Z',
    };
    const record = recordOf(randomUUID(), toRecord, metadata);
    await log.inner.append(`arrival-${idOf(triggerId)}`, 'no_stream', [record]);
    await world.quiet();
    go();
    log.failWith(undefined);
    expect((await delivering).repeat).toBe('same-body');
    world.always(succeeded);
    for (const call of world.calls) call.answer(succeeded);
    await world.quiet();
  };
  const idOf = (triggerId: string): string => arrivalIdOf('acme', `webhook//${triggerId}`, 'd');
  const arrived = (triggerId: string) =>
    ({
      arrivalId: idOf(triggerId),
      source: { kind: 'webhook', key: `/${triggerId}` },
      ...{ deliveryId: 'd', request: null, verification: null },
      body: { encoding: 'utf8', content: '{}' },
      acceptedFor: { triggerId, version: 1 },
    }) as const;

  it('is called where that left it to the lane', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    await overtaken(triggerId, [{ type: 'EventArrived', data: arrived(triggerId) }]);
    expect(world.calls).toHaveLength(1);
    await settled();
  });

  it('is called where that found no slot for it', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    await world.deliver(triggerId);
    await world.quiet();
    const [, registered, , queued] = await world.log();
    if (queued === undefined || !isFact(queued, 'InvocationQueued'))
      throw new TypeError('not queued');
    const arrivalId = idOf(triggerId);
    const invocationId = invocationIdOf(arrivalId, triggerId);
    await overtaken(triggerId, [
      { type: 'EventArrived', data: { ...arrived(triggerId), decidedAt: registered!.position } },
      { type: 'InvocationQueued', data: { ...queued.data, invocationId, arrivalId } },
    ]);
    expect(world.calls).toHaveLength(2);
    await settled();
  });
});

describe('what the door leaves to the lane', () => {
  const isUndecided = async (): Promise<void> => {
    const [arrived] = (await world.log()).filter(({ type }) => type === 'EventArrived');
    expect(arrived?.data).not.toHaveProperty('decidedAt');
    expect((await records())[0]).toBe('EventArrived');
    await settled();
  };

  it('is what arrives while the registry changes', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    const changing = world.onTrigger(triggerId, { type: 'PauseTrigger', reason: 'test' });
    const receipt = await world.deliver(triggerId);
    await changing;
    await world.quiet();
    await world.onTrigger(triggerId, { type: 'ResumeTrigger' });
    expect(receipt.repeat).toBe('no');
    await isUndecided();
  });

  it('is what a trigger may drop', async () => {
    await fresh();
    const room = { topic: 'a', queueCapacity: 5, overflow: 'drop' };
    await world.trigger(await world.function(), room, 'drops', 'message');
    await world.publish('a');
    await world.quiet();
    await isUndecided();
  });

  it('is what more than 64 triggers take', async () => {
    await fresh();
    const functionId = await world.function();
    for (let n = 0; n <= 64; n += 1)
      await world.trigger(functionId, { topic: 'a' }, `t${n}`, 'message');
    await world.publish('a');
    await world.quiet();
    await isUndecided();
  });
});

describe('on a store that others write to', () => {
  const shared = { exclusive: false } as EventStore;
  const arrivals = async () =>
    (await world.log()).flatMap((event) => (isFact(event, 'EventArrived') ? event : []));

  /** An owner of the lane that has been silent for so long, since its signs do not get through. */
  const silentFor = async (ms: number): Promise<string> => {
    let isMute = false;
    const memory = readsFacts(createMemoryStore());
    const append: EventStore['append'] = (stream, expected, events) =>
      isMute && stream === 'members'
        ? new Promise(() => {})
        : memory.append(stream, expected, events);
    await fresh({ store: { ...memory, ...shared, append } });
    const triggerId = await world.trigger(await world.function());
    await world.quiet();
    isMute = true;
    world.clock.advance(ms);
    await world.quiet();
    return triggerId;
  };

  it('the owner of the lane decides and starts at once, as long as its signs come back', async () => {
    await fresh({ store: shared });
    const triggerId = await world.trigger(await world.function());
    for (let second = 0; second < 20; second += 1) {
      world.clock.advance(1_000);
      await world.quiet();
    }
    await world.deliver(triggerId);
    await world.quiet();
    expect((await records()).slice(0, 1)).toEqual([
      'EventArrived InvocationQueued InvocationStarted',
    ]);
    await settled();
  });

  it.each([
    [2_999, true],
    [3_000, false],
  ])('an owner whose last sign was %i ms ago decides: %s', async (ms, decides) => {
    const triggerId = await silentFor(ms);
    await world.deliver(triggerId);
    await world.quiet();
    expect((await arrivals()).map(({ data }) => 'decidedAt' in data)).toEqual([decides]);
    expect(world.calls).toHaveLength(1);
  });

  it.each([
    [5_999, true],
    [6_000, false],
  ])(
    'a start that is answered %i ms after the last sign leads to its call: %s',
    async (ms, leads) => {
      const triggerId = await silentFor(0);
      let go = (): void => {};
      log.failWith(async (append) => {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return (await append()) as never;
      });
      const delivering = world.deliver(triggerId);
      world.clock.advance(ms);
      log.failWith(undefined);
      go();
      await delivering;
      await world.quiet();
      const types = (await records()).slice(0, leads ? 1 : 2);
      expect(types).toEqual([
        'EventArrived InvocationQueued InvocationStarted',
        ...(leads ? [] : ['InvocationFailed']),
      ]);
      expect(world.calls).toHaveLength(leads ? 1 : 0);
      if (leads) return;
      // No call was made, so it counts for nothing, and the lane starts it anew.
      world.clock.advance(1);
      await world.quiet();
      expect(world.calls).toHaveLength(1);
    },
  );

  it('a start that was recorded behind the taking of the lane is void, and another follows at once', async () => {
    await fresh({ store: shared });
    const triggerId = await world.trigger(await world.function({ retry: { maxAttempts: 1 } }));
    await world.deliver(triggerId);
    const [arrived, queued, started] = (await world.log()).slice(-3);
    if (!arrived || !queued || !started || !isFact(started, 'InvocationStarted'))
      throw new TypeError('not started');
    const arrivalId = randomUUID();
    const invocationId = invocationIdOf(arrivalId, triggerId);
    const facts = [
      {
        type: 'EventArrived',
        data: { ...arrived.data, arrivalId, body: { encoding: 'utf8', content: '{}' } },
      },
      { type: 'InvocationQueued', data: { ...queued.data, invocationId, arrivalId } },
      {
        type: 'InvocationStarted',
        data: { ...started.data, invocationId, claimedBy: 'former', attemptId: 'void' },
      },
    ] as readonly Fact[];
    const record = recordOf(
      randomUUID(),
      facts.map((fact) => ({ fact, schemaVersion: versionOf(fact.type) ?? 1 })),
      { ...arrived.metadata, $correlationId: arrivalId },
    );
    await log.inner.append(`arrival-${arrivalId}`, 'no_stream', [record]);
    await world.quiet();
    world.clock.advance(1);
    await world.quiet();
    const ofIt = (await world.log()).filter(({ data }) =>
      'invocationId' in data ? data.invocationId === invocationId : false,
    );
    expect(ofIt.map(({ type }) => type)).toEqual([
      'InvocationQueued',
      'InvocationStarted',
      'InvocationFailed',
      'InvocationStarted',
    ]);
    expect(world.calls).toHaveLength(2);
    await settled();
  });

  it('a start is no more once another process has taken the lane', async () => {
    await fresh({ store: shared });
    const [taken] = await world.store.readStream('lane-0');
    if (taken === undefined) throw new TypeError('not taken');
    await log.inner.append('lane-0', 0, [
      { ...taken, id: randomUUID(), data: { lane: 'lane-0', instance: 'another' } },
    ]);
    await world.quiet();
    expect(world.fatal).toMatchObject([{ code: 'store-unavailable' }]);
  });
});

describe('an arrival of which the store does not say whether it has it', () => {
  const unknown = () => new TriplineError('outcome-unknown', 'no answer');

  const oneTwice = async (isStored: boolean) => {
    await fresh();
    const triggerId = await world.trigger(await world.function({ concurrency: 1 }));
    let tries = 0;
    log.failWith(async (append) => {
      tries += 1;
      if (tries === 1 && isStored) await append();
      throw unknown();
    });
    await expect(world.deliver(triggerId, { giveBack })).rejects.toThrow('no answer');
    expect(tries).toBeGreaterThanOrEqual(2);
    return triggerId;
  };

  let given = 0;
  const giveBack = (): void => {
    given += 1;
  };

  it('keeps its slot until that is known, and is called once where it is there', async () => {
    given = 0;
    const triggerId = await oneTwice(true);
    log.failWith(undefined);
    await world.deliver(triggerId);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
    await settled();
    expect(world.calls).toHaveLength(2);
    expect(given).toBe(0);
  });

  it('is recorded after all where it was not, since it is sent again as it was', async () => {
    given = 0;
    await oneTwice(false);
    await world.quiet();
    expect(world.calls).toHaveLength(0);
    log.failWith(undefined);
    await settled();
    expect(world.calls).toHaveLength(1);
    expect(given).toBe(0);
  });

  it('gives its slot and its place back where another has taken its stream', async () => {
    given = 0;
    await fresh();
    const triggerId = await world.trigger(await world.function({ concurrency: 1 }));
    log.failWith(async () => {
      throw unknown();
    });
    await expect(world.deliver(triggerId, { deliveryId: 'd', giveBack })).rejects.toThrow();
    log.failWith(undefined);
    await world.deliver(triggerId, { deliveryId: 'd' });
    await settled();
    expect(given).toBe(1);
    expect(world.calls).toHaveLength(1);
  });
});

describe('what was started with its arrival', () => {
  it('can be cancelled as soon as it is seen', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    const { arrivalId, position } = await world.deliver(triggerId);
    if (position !== undefined) await world.engine.reached(position);
    const invocationId = invocationIdOf(arrivalId, triggerId);
    await world.onInvocation(invocationId, { type: 'CancelInvocation', reason: 'not wanted' });
    await settled();
    expect((await world.types()).at(-1)).toBe('InvocationCancelled');
  });

  it('is lost with its process, which counts, and is tried again by the next one', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function({ retry: { maxAttempts: 2 } }));
    await world.deliver(triggerId);
    await world.restart();
    await settled();
    expect(
      (await world.types()).filter((type) => type.startsWith('Inv') || type === 'AttemptLost'),
    ).toEqual([
      'InvocationQueued',
      'InvocationStarted',
      'AttemptLost',
      'InvocationStarted',
      'InvocationSucceeded',
    ]);
  });

  it('makes a change of its trigger wait until it is recorded', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function());
    let go = (): void => {};
    log.failWith(async (append) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return (await append()) as never;
    });
    const delivering = world.deliver(triggerId);
    const pausing = world.onTrigger(triggerId, { type: 'PauseTrigger', reason: 'test' });
    await world.quiet();
    expect(await world.types()).not.toContain('TriggerPaused');
    go();
    await Promise.all([delivering, pausing]);
    expect((await world.types()).slice(-4)).toEqual([
      'EventArrived',
      'InvocationQueued',
      'InvocationStarted',
      'TriggerPaused',
    ]);
    log.failWith(undefined);
    await settled();
  });
});
