import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../src/store/event-store.ts';
import { newStream, sample } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';
import { type EsdbUnderTest, openEsdb } from './under-test.ts';

const withPayload = (size: number): NewEvent => ({
  ...sample(),
  payloads: [{ fact: 0, salt: randomBytes(16), bytes: randomBytes(size) }],
});

/** The streams of payloads that the server has, and how many events each has. */
const payloadStreams = async ({ inner }: EsdbUnderTest): Promise<readonly number[]> => {
  const names = new Set<string>();
  for (const { stream } of await inner.readAll({ maxCount: 10_000 })) {
    if (stream.startsWith('tripline~.payload-')) names.add(stream);
  }
  const lengths = await Promise.all(
    [...names].map((name) => inner.readStream(name).catch(() => [])),
  );
  return lengths.map(({ length }) => length);
};

describe('a payload on EventStoreDB', () => {
  it('costs no append of its own up to 64 KiB', async () => {
    await using esdb = await openEsdb();
    await esdb.store.append(newStream(), 'no_stream', [withPayload(65_536)]);

    expect(esdb.double.seen.appends).toBe(1);
    expect(await payloadStreams(esdb)).toEqual([]);
  });

  it('that is longer lies in a stream of its own, in chunks behind its salt', async () => {
    await using esdb = await openEsdb();
    await esdb.store.append(newStream(), 'no_stream', [withPayload(1_200_000)]);

    expect(await payloadStreams(esdb)).toEqual([4]);
  });

  it('lies beside where that is wished, whatever its size', async () => {
    await using esdb = await openEsdb({ payloadsBeside: true });
    await esdb.store.append(newStream(), 'no_stream', [withPayload(0)]);

    expect(await payloadStreams(esdb)).toEqual([1]);
  });

  it('lies beside where the record leaves no room for it', async () => {
    await using esdb = await openEsdb();
    const event = { ...withPayload(60_000), data: { text: 'x'.repeat(930_000) } };
    await esdb.store.append(newStream(), 'no_stream', [event]);

    expect(await payloadStreams(esdb)).toEqual([2]);
  });

  it('is taken back after a conflict', async () => {
    await using esdb = await openEsdb();
    const stream = newStream();
    await esdb.store.append(stream, 'no_stream', [sample()]);
    await expect(esdb.store.append(stream, 'no_stream', [withPayload(70_000)])).rejects.toEqual(
      withCode('wrong-expected-revision'),
    );

    expect(await payloadStreams(esdb)).toEqual([0]);
  });

  it('stays where it is not known what became of its record, and serves when it is sent again', async () => {
    await using esdb = await openEsdb({ giveUpAfterMs: 1 });
    const stream = newStream();
    const events = [withPayload(70_000)];
    // The payload's own two come first.
    const shift = esdb.double.faults.append.shift.bind(esdb.double.faults.append);
    let appends = 0;
    esdb.double.faults.append.push('killed-after-storing');
    esdb.double.faults.append.shift = () => (appends++ === 2 ? shift() : undefined);
    await expect(esdb.store.append(stream, 'no_stream', events)).rejects.toEqual(
      withCode('outcome-unknown'),
    );
    expect(await payloadStreams(esdb)).toEqual([2]);
    await esdb.store.append(stream, 'no_stream', events);
    const [stored] = await esdb.store.readStream(stream);
    const [part] = await esdb.store.readPayloads([{ position: stored!.position }], 100_000);

    expect(await payloadStreams(esdb)).toEqual([2]);
    expect(Buffer.from(part?.bytes ?? []).equals(events[0]!.payloads![0]!.bytes)).toBe(true);
  });

  it('is followed by nobody', async () => {
    await using esdb = await openEsdb();
    const { position } = await esdb.store.append(newStream(), 'no_stream', [withPayload(70_000)]);

    expect(await esdb.store.readAll()).toMatchObject([{ position }]);
  });
});
