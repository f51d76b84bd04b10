import { describe, expect, it } from 'vitest';
import { idsOf, newStream, type StoreUnderTest, sample, samples } from './sample.ts';
import { withCode } from './with-code.ts';

export const repeats = (store: StoreUnderTest): void => {
  describe('an append whose event ids were stored before', () => {
    it('answers with the original revision and stores nothing at no_stream', async () => {
      const stream = newStream();
      const events = samples(3);
      const first = await store().append(stream, 'no_stream', events);
      const again = await store().append(stream, 'no_stream', events);

      expect(again.revision).toBe(first.revision);
      expect([first.position, undefined]).toContain(again.position);
      expect(await store().readStream(stream)).toHaveLength(3);
    });

    it('answers with the original revision at a number below the end', async () => {
      const stream = newStream();
      const events = samples(4);
      await store().append(stream, 'no_stream', events);

      expect((await store().append(stream, 0, events.slice(1, 3))).revision).toBe(2);
    });

    it('is recognised by the ids alone', async () => {
      const stream = newStream();
      const event = sample({ amount: 1 });
      await store().append(stream, 'no_stream', [event]);
      await store().append(stream, 'no_stream', [{ ...event, data: { amount: 2 } }]);

      expect((await store().readStream(stream)).map(({ data }) => data)).toEqual([{ amount: 1 }]);
    });

    it('is recognised after the stream went on', async () => {
      const stream = newStream();
      const [event, ...later] = samples(50);
      await store().append(stream, 'no_stream', [event!]);
      await store().append(stream, 0, later);

      expect((await store().append(stream, 'no_stream', [event!])).revision).toBe(0);
    });

    it('is recognised on a soft-deleted stream', async () => {
      const stream = newStream();
      const events = samples(2);
      await store().append(stream, 'no_stream', events);
      await store().deleteStream(stream, 1);

      expect((await store().append(stream, 'no_stream', events)).revision).toBe(1);
    });

    it.each([
      ['an id differs', (ids: readonly string[]) => [ids[0]!, sample().id]],
      ['the order differs', (ids: readonly string[]) => [ids[1]!, ids[0]!]],
      ['there are more than were stored', (ids: readonly string[]) => [...ids, sample().id]],
    ])('conflicts when %s', async (_, change) => {
      const stream = newStream();
      const events = samples(2);
      await store().append(stream, 'no_stream', events);
      const changed = change(idsOf(events)).map((id) => ({ ...sample(), id }));

      await expect(store().append(stream, 'no_stream', changed)).rejects.toEqual(
        withCode('wrong-expected-revision'),
      );
    });

    it('stores them again when it expects the present revision', async () => {
      const stream = newStream();
      const event = sample();
      await store().append(stream, 'no_stream', [event]);

      expect((await store().append(stream, 0, [event])).revision).toBe(1);
      expect(idsOf(await store().readStream(stream))).toEqual([event.id, event.id]);
    });

    it.each(['any', 'stream_exists'] as const)(
      'is recognised at once with %s',
      async (expected) => {
        const stream = newStream();
        await store().append(stream, 'no_stream', [sample()]);
        const events = samples(2);
        await store().append(stream, expected, events);

        expect((await store().append(stream, expected, events)).revision).toBe(2);
        expect(await store().readStream(stream)).toHaveLength(3);
      },
    );

    it('conflicts with any when only its beginning was stored', async () => {
      const stream = newStream();
      const [first, second] = samples(2);
      await store().append(stream, 'any', [first!]);

      await expect(store().append(stream, 'any', [first!, second!])).rejects.toEqual(
        withCode('wrong-expected-revision'),
      );
    });

    it('is stored with any when its first id is new', async () => {
      const stream = newStream();
      const [first, second] = samples(2);
      await store().append(stream, 'any', [first!]);

      expect((await store().append(stream, 'any', [second!, first!])).revision).toBe(2);
    });

    it('is another append in another stream', async () => {
      const [one, other, event] = [newStream(), newStream(), sample()];
      await store().append(one, 'any', [event]);

      expect((await store().append(other, 'any', [event])).revision).toBe(0);
      expect(await store().readStream(other)).toHaveLength(1);
    });

    it('is recognised while the first one is still on its way', async () => {
      const stream = newStream();
      const events = samples(2);
      const both = await Promise.all([
        store().append(stream, 'no_stream', events),
        store().append(stream, 'no_stream', events),
      ]);

      expect(both.map(({ revision }) => revision)).toEqual([1, 1]);
      expect(await store().readStream(stream)).toHaveLength(2);
    });
  });
};
