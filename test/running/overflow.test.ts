import { afterEach, describe, expect, it } from 'vitest';
import { createActors } from '../../src/actors/actors.ts';
import { arrivalAddress, triggerAddress } from '../../src/actors/addresses.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { recordPositionOf } from '../../src/domain/position.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { busEventKey } from '../../src/triggers/bus-index.ts';
import { brokenPromises, ownersOf } from '../invariants/broken-promises.ts';
import { createWorld, succeeded, type World, workspace } from './world.ts';

let world: World = createWorld();

afterEach(async () => {
  const { store } = world;
  const log = await store.readAll({ maxCount: 100_000 });
  expect(brokenPromises(log, { owners: ownersOf(store) })).toEqual([]);
  expect(world.fatal).toEqual([]);
  await world.engine.stop(0);
});

const envelope = () => ({
  workspace,
  actor: 'user:test',
  occurredAt: '2026-11-21T12:00:00.000Z',
  $correlationId: systemChance.newId(),
});

const subscribe = async (triggerMetadata: object): Promise<string> => {
  const triggerId = systemChance.newId();
  const functionId = await world.function();
  await createActors({ store: world.store, chance: systemChance }).ask(
    triggerAddress(triggerId),
    {
      type: 'RegisterTrigger',
      ...{ triggerId, functionId, name: triggerId, description: null, executionType: 'event' },
      triggerMetadata: {
        ...{ eventType: 'a', concurrency: 1, queueCapacity: 1, overflow: 'drop' },
        ...triggerMetadata,
      },
      isSystem: false,
    },
    envelope(),
  );
  return triggerId;
};

const publish = async (): Promise<string> => {
  const arrivalId = systemChance.newId();
  await createActors({ store: world.store, chance: systemChance }).ask(
    arrivalAddress(arrivalId),
    {
      type: 'RecordArrival',
      ...{ arrivalId, deliveryId: null, request: null, verification: null },
      source: { kind: 'event', key: busEventKey('a', null) },
      body: { encoding: 'utf8', content: '{}' },
    },
    envelope(),
  );
  return arrivalId;
};

const publishMany = async (count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await publish());
  return ids;
};

/** What is on record of each arrival’s invocation, in one word per fact. */
const factsOf = async (triggerId: string, arrivals: readonly string[]) => {
  const log = await world.log();
  return arrivals.map((arrivalId) =>
    log
      .filter(({ entity }) => entity === `invocation-${invocationIdOf(arrivalId, triggerId)}`)
      .map(({ type }) => type.replace('Invocation', ''))
      .join(' '),
  );
};

const count = async (type: string) => (await world.types()).filter((each) => each === type).length;

describe('a trigger that drops what has no room', () => {
  it('takes one per slot and one per place, and ends the others as they are queued', async () => {
    world = createWorld();
    await world.engine.start();
    const triggerId = await subscribe({});
    const arrivals = await publishMany(4);
    await world.quiet();
    expect(await factsOf(triggerId, arrivals)).toEqual([
      'Queued Started',
      'Queued',
      'Queued Cancelled',
      'Queued Cancelled',
    ]);
    const cancelled = (await world.log()).filter(({ type }) => type === 'InvocationCancelled');
    for (const { data, position } of cancelled) {
      expect(data).toMatchObject({ reason: 'dropped: queue full', attempt: 0 });
      expect(recordPositionOf(position), 'not in one record with its start').not.toBe(position);
    }
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(1);
  });

  it('has room again once something has been started', async () => {
    world = createWorld();
    await world.engine.start();
    const triggerId = await subscribe({});
    const before = await publishMany(3);
    await world.quiet();
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    const after = await publishMany(2);
    await world.quiet();
    expect(await factsOf(triggerId, [...before, ...after])).toEqual([
      'Queued Started Succeeded',
      'Queued Started',
      'Queued Cancelled',
      'Queued',
      'Queued Cancelled',
    ]);
  });

  it('decides as much for what came while nobody was there, and decides it once', async () => {
    world = createWorld();
    const triggerId = await subscribe({});
    const arrivals = await publishMany(4);
    await world.engine.start();
    await world.quiet();
    const facts = ['Queued Started', 'Queued', 'Queued Cancelled', 'Queued Cancelled'];
    expect(await factsOf(triggerId, arrivals)).toEqual(facts);
    await world.engine.stop(0);
    await world.restart();
    await world.quiet();
    expect((await factsOf(triggerId, arrivals)).slice(2)).toEqual(facts.slice(2));
  });

  it('takes what an operator wants once more, room or not', async () => {
    world = createWorld();
    await world.engine.start();
    const triggerId = await subscribe({});
    const [, , dropped = ''] = await publishMany(3);
    await world.quiet();
    const invocationId = invocationIdOf(dropped, triggerId);
    await world.onInvocation(invocationId, { type: 'RetryInvocation' });
    await world.quiet();
    expect(await count('InvocationCancelled')).toBe(1);
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(2);
  });
});

describe('two processes that route the same events', () => {
  it('agree on the fate of each, whoever is first', async () => {
    const store = { ...readsFacts(createMemoryStore()), exclusive: false };
    world = createWorld({ store });
    const other = createWorld({ store, clock: world.clock });
    await Promise.all([world.engine.start(), other.engine.start()]);
    const triggerId = await subscribe({ queueCapacity: 2 });
    const arrivals = await publishMany(12);
    for (let round = 0; round < 20; round += 1) {
      await world.quiet();
      for (const call of [...world.calls, ...other.calls]) call.answer(succeeded);
      await other.quiet();
      world.clock.advance(2_000);
    }
    const facts = await factsOf(triggerId, arrivals);
    for (const each of facts) expect(each).toMatch(/^Queued (Started Succeeded|Cancelled)$/);
    expect(facts.filter((each) => each.includes('Cancelled')).length).toBeGreaterThan(0);
    await other.engine.stop(0);
  });
});

describe('a trigger that keeps what has no room', () => {
  it('has it all waiting', async () => {
    world = createWorld();
    await world.engine.start();
    const triggerId = await subscribe({ overflow: 'keep' });
    const arrivals = await publishMany(4);
    await world.quiet();
    expect(await factsOf(triggerId, arrivals)).toEqual([
      'Queued Started',
      'Queued',
      'Queued',
      'Queued',
    ]);
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(3);
  });
});

describe('an event that a stopped trigger would have matched', () => {
  it('is recorded as withheld from it, once, also by the next process', async () => {
    world = createWorld();
    const stopped = await subscribe({});
    await world.onTrigger(stopped, { type: 'PauseTrigger', reason: 'test' });
    const active = await subscribe({});
    const [arrivalId = ''] = await publishMany(1);
    await world.onTrigger(stopped, { type: 'ResumeTrigger' });
    await world.engine.start();
    await world.quiet();
    const withheld = (await world.log()).find(({ type }) => type === 'EventWithheld');
    expect(withheld).toMatchObject({
      stream: `arrival-${arrivalId}`,
      data: { triggers: [{ triggerId: stopped, reason: 'paused' }], total: 1 },
    });
    expect(await factsOf(active, [arrivalId])).toEqual(['Queued Started']);
    expect(await factsOf(stopped, [arrivalId])).toEqual(['']);
    world.calls[0]?.answer(succeeded);
    await world.quiet();
    await world.restart();
    await world.quiet();
    expect(await count('EventWithheld')).toBe(1);
    expect(await count('InvocationQueued')).toBe(1);
  });

  it('names a bounded number of them and says how many there were', async () => {
    world = createWorld();
    for (let n = 0; n < 300; n += 1) {
      const triggerId = await subscribe({});
      await world.onTrigger(triggerId, { type: 'PauseTrigger', reason: 'test' });
    }
    await world.engine.start();
    await publish();
    await world.quiet();
    const withheld = (await world.log()).find(({ type }) => type === 'EventWithheld');
    expect(withheld?.data).toMatchObject({ total: 300 });
    expect(withheld?.data).toHaveProperty('triggers.length', 256);
  });
});
