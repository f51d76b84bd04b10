import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { facts } from '../../src/domain/events.ts';
import type { EventMetadata } from '../../src/domain/recorded.ts';
import { openEsdbStore } from '../../src/store/esdb/store.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { openStore } from '../../src/store/index.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { type Scratch, scratch } from '../process/scratch.ts';
import { startDouble } from '../store/esdb/double/double.ts';
import { createWorld, succeeded, workspace } from './world.ts';

interface Opened {
  readonly store: EventStore;
  /** The log as anybody can write to it who may write to it at all. */
  readonly anybody: EventStore;
  /** The name of a stream of ours there. */
  readonly nameOf: (stream: string) => string;
}

type Open = (resources: Scratch) => Promise<Opened>;

const inMemory: Open = async () => {
  const memory = createMemoryStore();
  return { store: readsFacts(memory), anybody: memory, nameOf: (stream) => stream };
};

const inSqlite: Open = async (resources) => {
  const store = await openStore('sqlite:', { dataDir: await resources.directory() });
  resources.after(() => store.close());
  return { store, anybody: store, nameOf: (stream) => stream };
};

const onEventStore: Open = async (resources) => {
  const inner = createMemoryStore();
  const double = await startDouble(inner);
  const store = await openEsdbStore(double.url);
  resources.after(async () => {
    await store.close();
    double.crash();
  });
  return { store: readsFacts(store), anybody: inner, nameOf: (stream) => `tripline.${stream}` };
};

const stores: readonly (readonly [string, Open])[] = [
  ['in memory', inMemory],
  ['on SQLite', inSqlite],
  ['on EventStoreDB (double)', onEventStore],
];

const metadata: EventMetadata = {
  workspace,
  actor: 'user:mallory',
  occurredAt: '2026-11-29T12:00:00.000Z',
  schemaVersion: 1,
  $correlationId: 'c',
};

const record = (type: string, data: unknown, given: unknown = metadata) => ({
  id: randomUUID(),
  type,
  data: data as object,
  metadata: given as EventMetadata,
});

const ids = ['arrivalId', 'triggerId', 'invocationId', 'functionId', 'draftId', 'keyId', 'holder'];
const named = Object.fromEntries(ids.map((id) => [id, `poisoned-${id}`]));
const full = {
  ...named,
  ...{ source: 1, policy: 'x', triggerMetadata: null, attempt: 'one' },
  ...{ failure: null, answer: null, signingSecret: null, retryAt: 'never', instants: 7, body: 0 },
};
const bodies = [
  ...[null, {}, 'text', [], named, full],
  ...[...triggerKinds.keys()].map((executionType) => ({ ...full, executionType })),
];

/** Of every fact there is, in every way to be broken that is known here. */
const poison = [
  ...Object.keys(facts).flatMap((type) => bodies.map((body) => record(type, body))),
  ...bodies.map((body) => record('Facts', body)),
  ...bodies.map((facts) => record('Facts', { facts })),
  record('Facts', { facts: bodies }),
  record('Facts', { facts: bodies.map((data) => ({ type: 'EventArrived', data })) }),
];

/** What another product writes: no metadata, or its own. */
const foreign = [null, {}, { schemaVersion: 1, workspace }, ['x'], 'x'].flatMap((meta) => [
  record('OrderPlaced', { total: 7 }, meta),
  record('EventArrived', { total: 7 }, meta),
]);

describe.each(stores)('a log %s', (_, open) => {
  let resources: Scratch = scratch();
  afterEach(async () => {
    await resources[Symbol.asyncDispose]();
    resources = scratch();
  });

  /** An engine on the log with these records in it, some before its start and some while it runs. */
  const worldWith = async (records: readonly ReturnType<typeof record>[], moment: string) => {
    const { store, anybody, nameOf } = await open(resources);
    const world = createWorld({ store });
    resources.after(() => world.engine.stop(0));
    world.always(succeeded);
    const put = async () => {
      for (const [at, one] of records.entries()) {
        await anybody.append(nameOf(`stranger-${at}`), 'no_stream', [one]);
      }
    };
    if (moment === 'before the start') await put();
    await world.engine.start();
    if (moment === 'while it runs') await put();
    return world;
  };

  const worksOn = async (world: ReturnType<typeof createWorld>) => {
    const trigger = await world.trigger(await world.function());
    const calls = world.calls.length;
    await world.arrive(trigger);
    await world.quiet();
    expect(world.calls.length).toBe(calls + 1);
    expect(world.fatal).toEqual([]);
  };

  it.each(['before the start', 'while it runs'])(
    'with records of another product, written %s, works on and counts them',
    async (moment) => {
      const world = await worldWith(foreign, moment);
      await worksOn(world);

      expect(world.engine.stats()).toMatchObject({ leftOut: foreign.length, setAside: 0 });
      expect(world.engine.stats()['poisoned']).toBe(0);
      expect((await world.log()).filter(({ stream }) => stream.startsWith('stranger'))).toEqual([]);
    },
  );

  it.each(['before the start', 'while it runs'])(
    'with events of ours that cannot be folded or routed, written %s, works on and sets them aside',
    async (moment) => {
      const world = await worldWith(poison, moment);
      await worksOn(world);

      const { poisoned = 0, setAside = 0 } = world.engine.stats();
      expect(poisoned + setAside).toBeGreaterThan(0);
    },
  );
});
