import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import { beginningOf } from '../../src/log/beginning.ts';
import { readWhole } from '../../src/log/whole-stream.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { now } from '../domain/examples.ts';

const metadata = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: now,
  schemaVersion: 1,
  $correlationId: 'c',
};

/** A stream of so many facts, in a store that counts the reads. */
const holding = async (count: number) => {
  const store = createMemoryStore();
  const events = Array.from({ length: count }, (_, n) => ({
    id: systemChance.newId(),
    type: 'TriggerPaused',
    data: { triggerId: 'trigger-1', reason: `n${n}` },
    metadata,
  }));
  if (count > 0) await store.append('trigger-1', 'no_stream', events);
  let reads = 0;
  const readStream: typeof store.readStream = async (stream, options) => {
    reads += 1;
    return await store.readStream(stream, options);
  };
  return { store: { readStream }, ids: events.map(({ id }) => id), reads: () => reads };
};

const away = { readStream: () => Promise.reject(new TriplineError('store-unavailable', 'away')) };

describe('a whole stream', () => {
  it.each([
    [0, 1],
    [1, 1],
    [999, 1],
    [1_000, 2],
    [2_500, 3],
  ])('of %i facts is read once each, in order, page by page', async (count, pages) => {
    const { store, ids, reads } = await holding(count);
    const read = await readWhole(store, 'trigger-1');
    expect(read.map(({ id }) => id)).toEqual(ids);
    expect(reads()).toBe(pages);
  });

  it('that cannot be read is not taken for one that does not exist', async () => {
    await expect(readWhole(away, 'trigger-1')).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('the beginning of a stream', () => {
  it('is its first fact, and nothing where there is no such stream', async () => {
    const { store, ids } = await holding(3);
    expect((await beginningOf(store, 'trigger-1'))?.id).toBe(ids[0]);
    expect(await beginningOf(store, 'trigger-2')).toBeUndefined();
    await expect(beginningOf(away, 'trigger-1')).rejects.toMatchObject({
      code: 'store-unavailable',
    });
  });

  it('is read alone, however long the stream is', async () => {
    const { store } = await holding(3);
    const asked: unknown[] = [];
    const readStream: typeof store.readStream = (stream, options) => {
      asked.push(options);
      return store.readStream(stream, options);
    };
    await beginningOf({ readStream }, 'trigger-1');
    expect(asked).toEqual([{ maxCount: 1 }]);
  });
});
