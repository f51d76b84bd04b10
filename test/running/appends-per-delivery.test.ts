import { afterEach, describe, expect, it } from 'vitest';
import { openEsdbStore } from '../../src/store/esdb/store.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { startDouble } from '../store/esdb/double/double.ts';
import { temporaryDirectory } from '../store/temporary-directory.ts';
import { createWorld, succeeded, type World } from './world.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const memory = async (): Promise<EventStore> => createMemoryStore();

const sqlite = async (): Promise<EventStore> => {
  const directory = await temporaryDirectory();
  opened.push(() => directory[Symbol.asyncDispose]());
  const store = await openSqliteStore({ dataDir: directory.path });
  opened.push(() => store.close());
  return store;
};

const esdb = async (): Promise<EventStore> => {
  const inner = createMemoryStore();
  const double = await startDouble(inner);
  opened.push(async () => double.crash());
  const store = await openEsdbStore(double.url);
  opened.push(() => store.close());
  return store;
};

const atOnce = 64;

/** One engine on a store whose appends are counted, its lane taken and its trigger in place. */
const sceneOn = async (open: () => Promise<EventStore>) => {
  let appends = 0;
  const inner = readsFacts(await open());
  const store: EventStore = {
    ...inner,
    append: (...parts) => {
      appends += 1;
      return inner.append(...parts);
    },
  };
  const world = createWorld({ store });
  await world.engine.start();
  opened.push(() => world.engine.stop(0));
  const trigger = await world.trigger(await world.function({ concurrency: atOnce }), {
    concurrency: atOnce,
  });
  const scene = { world, trigger };
  await deliverAtOnce(scene, 1);
  const before = appends;
  return { ...scene, appends: () => appends - before };
};

type Scene = { readonly world: World; readonly trigger: string };

const eventually = { timeout: 20_000, interval: 1 };

/** So many at the same time; they are answered together, once all of them have been called. */
const deliverAtOnce = async ({ world, trigger }: Scene, count: number): Promise<void> => {
  const called = world.calls.length;
  const ended = async () =>
    (await world.types()).filter((type) => type === 'InvocationSucceeded').length;
  const before = await ended();
  await Promise.all(Array.from({ length: count }, () => world.deliver(trigger)));
  await expect.poll(() => world.calls.length, eventually).toBe(called + count);
  for (const call of world.calls.slice(called)) call.answer(succeeded);
  await expect.poll(ended, eventually).toBe(before + count);
  await expect.poll(() => world.engine.stats()['open'], eventually).toBe(0);
};

describe.each([
  ['memory', memory],
  ['sqlite', sqlite],
  ['the double of EventStoreDB, which others may write to', esdb],
])('a delivery on %s', (_, open) => {
  it('takes two appends where nothing else is under way', async () => {
    const scene = await sceneOn(open);
    for (let one = 0; one < 5; one += 1) await deliverAtOnce(scene, 1);
    expect(scene.appends()).toBeLessThanOrEqual(2 * 5);
  });

  it(`takes 1.2 at the most where ${atOnce} are under way at once`, async () => {
    const scene = await sceneOn(open);
    for (let round = 0; round < 3; round += 1) await deliverAtOnce(scene, atOnce);
    expect(scene.appends()).toBeLessThanOrEqual(1.2 * 3 * atOnce);
  });
});
