import { describe, expect, it } from 'vitest';
import { newStream, sample, samples } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';
import type { AppendFault } from './double/faults.ts';
import { onServer, openEsdb, soonMs } from './under-test.ts';

const paths = [
  { path: 'batch append', batchAppend: true },
  { path: 'classic append', batchAppend: false },
] as const;

/** Enough of one fault to outlast every retry. */
const always = (fault: AppendFault): AppendFault[] => Array<AppendFault>(1_000).fill(fault);

describe.each(paths)('an append over $path', ({ batchAppend }) => {
  it.each([
    ['the server is not ready', 'not-ready'],
    ['the server is not the leader', 'not-leader'],
    ['the call dies before it is stored', 'killed-before-storing'],
    ['the call dies after it is stored', 'killed-after-storing'],
    ['the server cancels the call after storing', 'cancelled-after-storing'],
    ['the server stores but reports a write timeout', 'timeout-after-storing'],
    ['no answer comes and nothing is stored', 'hang'],
    ['no answer comes though it is stored', 'stored-hang'],
  ] as const)('is stored once when %s', async (_, fault) => {
    const tuning = fault.endsWith('hang') ? { appendTimeoutMs: soonMs } : {};
    await using esdb = await openEsdb(tuning, { batchAppend });
    const stream = newStream();
    await esdb.store.append(stream, 'no_stream', [sample()]);
    esdb.double.faults.append.push(fault, fault);
    const events = samples(2);
    const { revision } = await esdb.store.append(stream, 0, events);

    expect(revision).toBe(2);
    expect(esdb.double.seen.appends).toBe(4);
    expect(
      (await esdb.inner.readStream(onServer(stream), { from: 1 })).map(({ id }) => id),
    ).toEqual(events.map(({ id }) => id));
  });

  it.each([
    ['access is denied', 'access-denied', 'store-unavailable'],
    ['the append is too large for the server', 'maximum-size', 'event-too-large'],
    ['one event is too large for the server', 'event-size', 'event-too-large'],
  ] as const)('is given up at once when %s', async (_, fault, code) => {
    await using esdb = await openEsdb({}, { batchAppend });
    esdb.double.faults.append.push(fault);

    await expect(esdb.store.append(newStream(), 'no_stream', [sample()])).rejects.toEqual(
      withCode(code),
    );
    expect(esdb.double.seen.appends).toBe(1);
  });

  it('ends as unknown when no try is answered', async () => {
    await using esdb = await openEsdb(
      { appendTimeoutMs: soonMs, giveUpAfterMs: 700 },
      { batchAppend },
    );
    esdb.double.faults.append = always('hang');

    await expect(esdb.store.append(newStream(), 'no_stream', [sample()])).rejects.toEqual(
      withCode('outcome-unknown'),
    );
    esdb.double.faults.append = [];
  });

  it.each(['any', 'stream_exists'] as const)(
    'at %s is never tried again when it may be stored',
    async (expected) => {
      await using esdb = await openEsdb({}, { batchAppend });
      const stream = newStream();
      await esdb.store.append(stream, 'no_stream', [sample()]);
      esdb.double.faults.append.push('killed-after-storing');

      await expect(esdb.store.append(stream, expected, [sample()])).rejects.toEqual(
        withCode('outcome-unknown'),
      );
      expect(esdb.double.seen.appends).toBe(2);
    },
  );

  it('conflicts when someone else got there before the retry', async () => {
    await using esdb = await openEsdb({}, { batchAppend });
    const stream = newStream();
    esdb.double.faults.append.push('killed-before-storing');
    const append = esdb.store.append(stream, 'no_stream', [sample()]);
    await esdb.inner.append(onServer(stream), 'no_stream', [sample()]);

    await expect(append).rejects.toMatchObject({ code: 'wrong-expected-revision', actual: 0 });
  });

  it('is recognised in a stream that keeps no old ids when the retry conflicts', async () => {
    await using esdb = await openEsdb({}, { batchAppend });
    const stream = newStream();
    esdb.double.faults.append.push('killed-after-storing', 'ids-forgotten');
    const events = samples(3);
    const { revision, position } = await esdb.store.append(stream, 'no_stream', events);

    expect(revision).toBe(2);
    expect(position).toBe((await esdb.store.readStream(stream)).at(-1)?.position);
  });

  it('whose first try conflicts is a conflict, whatever the stream ends with', async () => {
    await using esdb = await openEsdb({}, { batchAppend });
    const stream = newStream();
    const event = sample();
    await esdb.store.append(stream, 'no_stream', [event]);
    esdb.double.faults.append.push('ids-forgotten');

    await expect(esdb.store.append(stream, 'no_stream', [event])).rejects.toEqual(
      withCode('wrong-expected-revision'),
    );
  });

  it('follows the ones before it to the same stream, over their retries', async () => {
    await using esdb = await openEsdb({}, { batchAppend });
    const stream = newStream();
    esdb.double.faults.append.push('killed-before-storing', 'not-ready', 'killed-after-storing');
    const appends = samples(10).map((event, index) =>
      esdb.store.append(stream, index === 0 ? 'no_stream' : index - 1, [event]),
    );

    expect((await Promise.all(appends)).map(({ revision }) => revision)).toEqual([
      ...Array(10).keys(),
    ]);
  });

  it('is one of at most 256 under way', async () => {
    await using esdb = await openEsdb({}, { batchAppend });
    esdb.double.faults.delayMs = 20;
    await Promise.all(
      Array.from({ length: 600 }, () => esdb.store.append(newStream(), 'no_stream', [sample()])),
    );

    expect(esdb.double.seen.mostAppendsAtOnce).toBeLessThanOrEqual(256);
  });

  it('to a server that never gets ready is given up, and nothing is stored', async () => {
    await using esdb = await openEsdb({ giveUpAfterMs: 200 }, { batchAppend });
    esdb.double.faults.append = always('not-ready');
    const stream = newStream();
    await expect(esdb.store.append(stream, 'no_stream', [sample()])).rejects.toEqual(
      // Here the same status is used for connections that broke, so it proves nothing.
      withCode(batchAppend ? 'store-unavailable' : 'outcome-unknown'),
    );
    esdb.double.faults.append = [];

    await expect(esdb.store.readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
  });
});

describe('appendPath=classic', () => {
  it('takes the classic path on a server that offers both', async () => {
    await using esdb = await openEsdb({}, { query: '&appendPath=classic' });
    await esdb.store.append(newStream(), 'no_stream', [sample()]);

    expect(esdb.double.openCalls).toBe(0);
  });
});
