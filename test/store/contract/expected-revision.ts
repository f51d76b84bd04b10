import { describe, expect, it } from 'vitest';
import type { EventStore, ExpectedRevision } from '../../../src/store/event-store.ts';
import { filledStream, newStream, type StoreUnderTest, sample, samples } from './sample.ts';

type Prepare = (store: EventStore) => Promise<string>;
/** The revision it gets, or the revision that the conflict tells, or a refusal for good. */
type Outcome = { ok: number } | { actual: number | 'no_stream' } | 'stream-deleted';

const neverExisted: Prepare = async () => newStream();
const onlyMetadata: Prepare = async (store) => {
  const stream = newStream();
  await store.setStreamMetadata(stream, { maxCount: 10 });
  return stream;
};
const live: Prepare = (store) => filledStream(store, 3);
const softDeleted: Prepare = async (store) => {
  const stream = await filledStream(store, 3);
  await store.deleteStream(stream, 2);
  return stream;
};
const tombstoned: Prepare = async (store) => {
  const stream = await filledStream(store, 3);
  await store.tombstoneStream(stream, 2);
  return stream;
};
const tombstonedUnused: Prepare = async (store) => {
  const stream = newStream();
  await store.tombstoneStream(stream, 'any');
  return stream;
};

const missing: Outcome = { actual: 'no_stream' };
const gone = 'stream-deleted';
const table: [string, Prepare, ExpectedRevision, Outcome][] = [
  ['a stream that never existed', neverExisted, 'any', { ok: 0 }],
  ['a stream that never existed', neverExisted, 'no_stream', { ok: 0 }],
  ['a stream that never existed', neverExisted, 'stream_exists', missing],
  ['a stream that never existed', neverExisted, 0, missing],
  ['a stream with nothing but metadata', onlyMetadata, 'no_stream', { ok: 0 }],
  ['a stream with nothing but metadata', onlyMetadata, 'stream_exists', { ok: 0 }],
  ['a stream with nothing but metadata', onlyMetadata, 0, missing],
  ['a live stream', live, 'any', { ok: 3 }],
  ['a live stream', live, 'no_stream', { actual: 2 }],
  ['a live stream', live, 'stream_exists', { ok: 3 }],
  ['a live stream', live, 2, { ok: 3 }],
  ['a live stream', live, 1, { actual: 2 }],
  ['a live stream', live, 3, { actual: 2 }],
  ['a soft-deleted stream', softDeleted, 'any', { ok: 3 }],
  ['a soft-deleted stream', softDeleted, 'no_stream', { ok: 3 }],
  ['a soft-deleted stream', softDeleted, 'stream_exists', gone],
  ['a soft-deleted stream', softDeleted, 2, { ok: 3 }],
  ['a soft-deleted stream', softDeleted, 1, { actual: 2 }],
  ['a soft-deleted stream', softDeleted, 3, { actual: 2 }],
  ['a tombstoned stream', tombstoned, 'any', gone],
  ['a tombstoned stream', tombstoned, 'no_stream', gone],
  ['a tombstoned stream', tombstoned, 'stream_exists', gone],
  ['a tombstoned stream', tombstoned, 2, gone],
  ['a name that was tombstoned unused', tombstonedUnused, 'no_stream', gone],
  ['a name that was tombstoned unused', tombstonedUnused, 'any', gone],
];

const words = (outcome: Outcome): string => {
  if (outcome === 'stream-deleted') return 'is refused as deleted';
  if ('ok' in outcome) return `is stored at revision ${outcome.ok}`;
  return `conflicts, telling ${outcome.actual}`;
};

export const expectedRevision = (store: StoreUnderTest): void => {
  describe('expected revision', () => {
    it.each(
      table.map(([state, prepare, expected, outcome]) => ({
        title: `${state}: an append at ${expected} ${words(outcome)}`,
        prepare,
        expected,
        outcome,
      })),
    )('$title', async ({ prepare, expected, outcome }) => {
      const stream = await prepare(store());
      const append = store().append(stream, expected, [sample()]);

      if (outcome === 'stream-deleted') {
        await expect(append).rejects.toMatchObject({ code: 'stream-deleted' });
      } else if ('ok' in outcome) {
        expect((await append).revision).toBe(outcome.ok);
      } else {
        await expect(append).rejects.toMatchObject({
          code: 'wrong-expected-revision',
          actual: outcome.actual,
        });
      }
    });

    it('a conflict stores nothing', async () => {
      const stream = await filledStream(store(), 2);
      await store()
        .append(stream, 0, samples(3))
        .catch(() => {});

      expect(await store().readStream(stream)).toHaveLength(2);
    });

    it('lets exactly one of many writers at the same revision win', async () => {
      const stream = await filledStream(store(), 1);
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, () => store().append(stream, 0, [sample()])),
      );

      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store().readStream(stream)).toHaveLength(2);
    });

    it('keeps the order of appends made without waiting', async () => {
      const stream = newStream();
      const appends = samples(20).map((event, index) =>
        store().append(stream, index === 0 ? 'no_stream' : index - 1, [event]),
      );

      expect((await Promise.all(appends)).map(({ revision }) => revision)).toEqual([
        ...Array(20).keys(),
      ]);
    });
  });
};
