import { describe, expect, it } from 'vitest';
import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { follow } from '../contract/followed.ts';
import { idsOf, newStream, sample, samples } from '../contract/sample.ts';
import { startDouble } from './double/double.ts';
import { onServer, patient } from './under-test.ts';

/** One server, and stores on it under the prefixes given; appends go one by one, so there may be several. */
const sharedServer = async (...prefixes: string[]) => {
  const inner = createMemoryStore();
  const double = await startDouble(inner);
  const url = `${double.url}&appendPath=classic`;
  const stores = await Promise.all(
    prefixes.map((prefix) => openEsdbStore(url, { ...patient, prefix })),
  );
  return {
    inner,
    stores,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(stores.map((store) => store.close()));
      double.crash();
      await inner.close();
    },
  };
};

describe('in a database that others use too', () => {
  it('our streams carry a prefix that nothing above the adapter knows of', async () => {
    await using server = await sharedServer('tripline');
    const [store] = server.stores as [(typeof server.stores)[0]];
    const stream = newStream();
    const event = sample();
    await store.append(stream, 'no_stream', [event]);

    expect(idsOf(await server.inner.readStream(onServer(stream)))).toEqual([event.id]);
    expect(await store.readStream(stream)).toMatchObject([{ id: event.id, stream }]);
    expect(await store.readAll()).toMatchObject([{ id: event.id, stream }]);
  });

  it.each([['others'], ['tripline2'], ['tripline_test'], ['none']])(
    'those of %s are neither read nor followed, and see nothing of ours',
    async (other) => {
      await using server = await sharedServer('tripline', other);
      const [ours, theirs] = server.stores as [
        (typeof server.stores)[0],
        (typeof server.stores)[0],
      ];
      await using followed = follow(ours, 'start');
      await using theirFollowed = follow(theirs, 'start');
      const stream = newStream();
      const [mine, other1, other2] = [sample(), sample(), sample()];
      // The same name in both is two streams.
      await theirs.append(stream, 'no_stream', [other1]);
      await ours.append(stream, 'no_stream', [mine]);
      await theirs.append(stream, 0, [other2]);
      await followed.until((events) => events.length > 0);
      await theirFollowed.until((events) => events.length > 1);

      for (const seen of [followed.received, await ours.readAll(), await ours.readStream(stream)]) {
        expect(idsOf(seen)).toEqual([mine.id]);
      }
      for (const seen of [theirFollowed.received, await theirs.readAll()]) {
        expect(idsOf(seen)).toEqual([other1.id, other2.id]);
      }
    },
  );

  it('a page is filled past any number of events of others, in both directions', async () => {
    await using server = await sharedServer('tripline');
    const [store] = server.stores as [(typeof server.stores)[0]];
    const mine = samples(2);
    await store.append(newStream(), 'no_stream', mine.slice(0, 1));
    for (let at = 0; at < 8; at += 1) await server.inner.append(newStream(), 'any', samples(100));
    await store.append(newStream(), 'no_stream', mine.slice(1));
    for (let at = 0; at < 8; at += 1) await server.inner.append(newStream(), 'any', samples(100));

    expect(idsOf(await store.readAll({ maxCount: 2 }))).toEqual(idsOf(mine));
    expect(idsOf(await store.readAll({ maxCount: 1, direction: 'backwards' }))).toEqual(
      idsOf(mine.slice(1)),
    );
  });

  it('a log without a prefix is read with none', async () => {
    await using server = await sharedServer('none');
    const [store] = server.stores as [(typeof server.stores)[0]];
    const [stream, event] = [newStream(), sample()];
    await server.inner.append(stream, 'no_stream', [event]);

    expect(idsOf(await store.readAll())).toEqual([event.id]);
    expect(idsOf(await store.readStream(stream))).toEqual([event.id]);
  });
});
