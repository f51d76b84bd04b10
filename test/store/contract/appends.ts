import { describe, expect, it } from 'vitest';
import type { EventStore, NewEvent } from '../../../src/store/event-store.ts';
import {
  filledStream,
  newStream,
  revisionsOf,
  type StoreUnderTest,
  sample,
  samples,
} from './sample.ts';
import { withCode } from './with-code.ts';

const kibibyte = 1_024;
const withPayload = (bytes: number): NewEvent => sample({ text: 'x'.repeat(bytes) });
const isEmpty = async (store: EventStore, stream: string): Promise<void> => {
  await expect(store.readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
};

export const appends = (store: StoreUnderTest): void => {
  describe('an append', () => {
    it('stores its events side by side with contiguous revisions', async () => {
      const stream = newStream();
      const { revision, position } = await store().append(stream, 'no_stream', samples(5));
      const stored = await store().readStream(stream);

      expect(revision).toBe(4);
      expect(revisionsOf(stored)).toEqual([0, 1, 2, 3, 4]);
      expect(stored.at(-1)?.position).toBe(position);
    });

    it('gives back what was stored', async () => {
      const stream = newStream();
      const event = {
        ...sample({ text: 'Grüße, 世界 🌍 \u0000 "quoted"', nested: { list: [1, null, true] } }),
        type: 'TextKept',
      };
      await store().append(stream, 'no_stream', [event]);
      const [stored] = await store().readStream(stream);

      expect(stored).toMatchObject({ ...event, stream, revision: 0 });
      expect(stored?.metadata).toEqual(event.metadata);
      expect(new Date(stored?.recordedAt ?? '').toISOString()).toBe(stored?.recordedAt);
    });

    it('of up to 960 KiB is taken', async () => {
      const stream = newStream();
      await store().append(stream, 'no_stream', [
        withPayload(500 * kibibyte),
        withPayload(450 * kibibyte),
      ]);

      expect(await store().readStream(stream)).toHaveLength(2);
    });

    it.each([
      ['one event', () => [withPayload(961 * kibibyte)]],
      [
        'several events together',
        () => [sample(), ...[1, 2].map(() => withPayload(481 * kibibyte))],
      ],
      ['bytes, not characters', () => [sample({ text: '世'.repeat(330 * kibibyte) })]],
    ])('beyond that is refused as a whole: %s', async (_, events) => {
      const stream = newStream();
      await expect(store().append(stream, 'no_stream', events())).rejects.toEqual(
        withCode('event-too-large'),
      );
      await isEmpty(store(), stream);
    });

    it.each([
      ['no event at all', () => []],
      ['an id that is no UUID', () => [{ ...sample(), id: 'evt_1' }]],
      ['an event without a type', () => [{ ...sample(), type: '' }]],
      [
        'one id twice',
        () => {
          const event = sample();
          return [event, sample(), event];
        },
      ],
    ])('with %s is refused', async (_, events) => {
      const stream = newStream();
      await expect(store().append(stream, 'no_stream', events())).rejects.toEqual(
        withCode('validation-failed'),
      );
      await isEmpty(store(), stream);
    });

    it.each(['', '$system', '$$contract-1'])(
      'to a stream named "%s" is refused',
      async (stream) => {
        await expect(store().append(stream, 'any', [sample()])).rejects.toEqual(
          withCode('validation-failed'),
        );
      },
    );

    it('with data that is no JSON is refused', async () => {
      const stream = newStream();
      await expect(store().append(stream, 'any', [sample({ amount: 1n })])).rejects.toThrow();
      await isEmpty(store(), stream);
    });

    it('fails alone when it waits together with others', async () => {
      const [good, bad, fine] = [newStream(), await filledStream(store(), 1), newStream()];
      const results = await Promise.allSettled([
        store().append(good, 'no_stream', [sample()]),
        store().append(bad, 'no_stream', [sample()]),
        store().append(fine, 'no_stream', [sample()]),
      ]);

      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('gets a position above all that were acknowledged before', async () => {
      const first = await store().append(newStream(), 'no_stream', [sample()]);
      const second = await store().append(newStream(), 'no_stream', [sample()]);

      expect(first.position).toBeDefined();
      expect(String(first.position) < String(second.position)).toBe(true);
    });
  });
};
