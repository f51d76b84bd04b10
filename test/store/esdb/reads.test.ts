import { describe, expect, it } from 'vitest';
import { asPosition } from '../../../src/domain/position.ts';
import { follow } from '../contract/followed.ts';
import { idsOf, newStream, sample, samples } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';
import { type EsdbUnderTest, onServer, openEsdb, soonMs } from './under-test.ts';

/** Our events, each followed by a crowd of the server's own. */
const crowd = async ({ store }: EsdbUnderTest, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const event = sample();
    await store.append(newStream(), 'no_stream', [event]);
    ids.push(event.id);
    const stream = newStream();
    for (let change = 1; change <= 20; change += 1) {
      await store.setStreamMetadata(stream, { maxCount: change });
    }
  }
  return ids;
};

describe('reading the log', () => {
  it('fills its pages without the events of the server itself', async () => {
    await using esdb = await openEsdb();
    const ids = await crowd(esdb, 8);
    const page = await esdb.store.readAll({ maxCount: 5 });
    const rest = await esdb.store.readAll({ from: page.at(-1)!.position, maxCount: 100 });
    const newest = await esdb.store.readAll({ direction: 'backwards', maxCount: 5 });

    expect(idsOf(page)).toEqual(ids.slice(0, 5));
    expect(idsOf(rest)).toEqual(ids.slice(4));
    expect(idsOf(newest)).toEqual(ids.slice(3).reverse());
  });

  it.each(['unavailable', 'hang'] as const)(
    'is tried again when the call fails: %s',
    async (fault) => {
      await using esdb = await openEsdb(fault === 'hang' ? { readTimeoutMs: soonMs } : {});
      await esdb.store.append(newStream(), 'no_stream', samples(3));
      esdb.double.faults.read.push(fault, fault);

      expect(await esdb.store.readAll()).toHaveLength(3);
    },
  );

  it('ends as unavailable when no try succeeds', async () => {
    await using esdb = await openEsdb({ giveUpAfterMs: 200 });
    esdb.double.faults.read = Array<'unavailable'>(1_000).fill('unavailable');

    await expect(esdb.store.readAll()).rejects.toEqual(withCode('store-unavailable'));
  });

  it('refuses a place that the server never gave out', async () => {
    await using esdb = await openEsdb();
    const { position } = await esdb.store.append(newStream(), 'no_stream', [sample()]);
    const invented = asPosition(String(position).replace(/.$/, '1'));
    await using followed = follow(esdb.store, invented);

    await expect(esdb.store.readAll({ from: invented })).rejects.toEqual(
      withCode('validation-failed'),
    );
    expect(await followed.dropped).toEqual(withCode('validation-failed'));
  });

  it('leaves no call open at the server', async () => {
    await using esdb = await openEsdb({}, { batchAppend: false });
    await esdb.store.append(newStream(), 'no_stream', samples(100));
    await esdb.store.readAll({ maxCount: 3 });
    await esdb.store.readStream(newStream()).catch(() => {});
    const subscription = esdb.store.subscribeAll({ from: 'start' }, { onEvents: () => {} });
    await expect.poll(() => esdb.double.openCalls).toBe(1);
    await subscription.unsubscribe();

    await expect.poll(() => esdb.double.openCalls).toBe(0);
  });
});

describe('metadata of a stream', () => {
  it('keeps what deletion wrote there when it is set anew', async () => {
    await using esdb = await openEsdb();
    const stream = newStream();
    await esdb.store.append(stream, 'no_stream', samples(2));
    await esdb.store.deleteStream(stream, 1);
    await esdb.store.append(stream, 1, [sample()]);
    await esdb.store.setStreamMetadata(stream, { maxCount: 7 });
    const [last] = await esdb.inner.readStream(`@@${onServer(stream)}`, { direction: 'backwards' });

    expect(last?.data).toEqual({ $tb: 2, $maxCount: 7 });
  });

  it('is not set while the stream is deleted, because its number would lose digits', async () => {
    await using esdb = await openEsdb();
    const stream = newStream();
    await esdb.store.append(stream, 'no_stream', [sample()]);
    await esdb.store.deleteStream(stream, 0);

    await expect(esdb.store.setStreamMetadata(stream, { maxCount: 1 })).rejects.toEqual(
      withCode('stream-not-found'),
    );
  });
});

describe('a deletion', () => {
  it('at stream_exists needs a stream', async () => {
    await using esdb = await openEsdb();
    const stream = newStream();
    await expect(esdb.store.tombstoneStream(stream, 'stream_exists')).rejects.toEqual(
      withCode('wrong-expected-revision'),
    );
    await esdb.store.append(stream, 'no_stream', [sample()]);
    await esdb.store.tombstoneStream(stream, 'stream_exists');

    await expect(esdb.store.readStream(stream)).rejects.toEqual(withCode('stream-deleted'));
  });
});
