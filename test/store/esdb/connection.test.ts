import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openEsdbReader, openEsdbStore } from '../../../src/store/esdb/store.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { newStream, sample } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';
import { startDouble } from './double/double.ts';
import { onServer, openEsdb, patient, soonMs } from './under-test.ts';

const paths = [
  { path: 'batch append', batchAppend: true },
  { path: 'classic append', batchAppend: false },
] as const;

const manyAppends = (store: EventStore, streams: readonly string[]) =>
  Promise.all(streams.map((stream) => store.append(stream, 'no_stream', [sample()])));

const storedOnce = async (inner: EventStore, streams: readonly string[]): Promise<void> => {
  for (const stream of streams) expect(await inner.readStream(onServer(stream))).toHaveLength(1);
};

describe.each(paths)('a server over $path', ({ batchAppend }) => {
  it('that crashes under load and comes back has each append once', async () => {
    await using esdb = await openEsdb({}, { batchAppend });
    const streams = Array.from({ length: 400 }, newStream);
    esdb.double.faults.delayMs = 10;
    const appends = manyAppends(esdb.store, streams);
    for (let crashes = 0; crashes < 3; crashes += 1) {
      const before = esdb.double.seen.appends;
      await expect.poll(() => esdb.double.seen.appends).toBeGreaterThan(before + 20);
      esdb.double.crash();
      for (let turns = 0; turns < 20; turns += 1) await nextTurn();
      await esdb.double.restart();
    }
    await appends;

    await storedOnce(esdb.inner, streams);
  });

  it('that shuts down in order and comes back has each append once', async () => {
    await using esdb = await openEsdb({ appendTimeoutMs: 2_000 }, { batchAppend });
    const streams = Array.from({ length: 100 }, newStream);
    esdb.double.faults.delayMs = 10;
    const appends = manyAppends(esdb.store, streams);
    await expect.poll(() => esdb.double.seen.appends).toBeGreaterThan(20);
    await esdb.double.shutDown();
    await esdb.double.restart();
    await appends;

    await storedOnce(esdb.inner, streams);
  });

  it('that stays away makes an append unavailable, and is found again later', async () => {
    await using esdb = await openEsdb({ giveUpAfterMs: 400 }, { batchAppend });
    await esdb.store.append(newStream(), 'no_stream', [sample()]);
    esdb.double.crash();
    await esdb.store.readAll().catch(() => {});
    await expect(esdb.store.append(newStream(), 'no_stream', [sample()])).rejects.toEqual(
      withCode('store-unavailable'),
    );
    await esdb.double.restart();

    expect((await esdb.store.append(newStream(), 'no_stream', [sample()])).revision).toBe(0);
  });
});

describe('a connection', () => {
  it.each(['unavailable', 'hang'] as const)(
    'whose first call fails (%s) is replaced by one that works',
    async (fault) => {
      const inner = createMemoryStore();
      const double = await startDouble(inner);
      double.faults.capabilities.push(fault, fault);
      const store = await openEsdbStore(double.url, { ...patient, connectTimeoutMs: soonMs });

      expect((await store.append(newStream(), 'no_stream', [sample()])).revision).toBe(0);
      await store.close();
      double.crash();
    },
  );

  it('finds the leader by gossip where the URL names several hosts', async () => {
    const double = await startDouble(createMemoryStore());
    const url = `esdb://127.0.0.1:${double.port},127.0.0.1:1?tls=false&discoveryInterval=10`;
    const store = await openEsdbStore(url, patient);

    expect((await store.append(newStream(), 'no_stream', [sample()])).revision).toBe(0);
    await store.close();
    double.crash();
  });

  it('to a server that is not there is refused as unavailable', async () => {
    await expect(
      openEsdbStore('esdb://127.0.0.1:1?tls=false', { ...patient, giveUpAfterMs: 100 }),
    ).rejects.toEqual(withCode('store-unavailable'));
  });

  it('is the only one in its thread that shares its appends', async () => {
    const esdb = await openEsdb();
    await expect(openEsdbStore(esdb.double.url, patient)).rejects.toEqual(
      withCode('invalid-configuration'),
    );
    const classic = await openEsdbStore(`${esdb.double.url}&appendPath=classic`, patient);
    const reader = await openEsdbReader(esdb.double.url, patient);
    await classic.append(newStream(), 'no_stream', [sample()]);

    expect(await reader.readAll()).toHaveLength(1);
    await reader.close();
    await classic.close();
    await esdb[Symbol.asyncDispose]();
    await using again = await openEsdb();
    expect(again.store.exclusive).toBe(false);
  });

  it('refuses everything once it is closed', async () => {
    const esdb = await openEsdb();
    await esdb[Symbol.asyncDispose]();
    const refused = withCode('store-unavailable');

    await expect(esdb.store.append(newStream(), 'any', [sample()])).rejects.toEqual(refused);
    await expect(esdb.store.readAll()).rejects.toEqual(refused);
    expect(() => esdb.store.subscribeAll({ from: 'end' }, { onEvents: () => {} })).toThrow();
  });
});
