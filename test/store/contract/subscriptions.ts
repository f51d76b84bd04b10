import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asPosition } from '../../../src/domain/position.ts';
import type { StoredEvent } from '../../../src/domain/recorded.ts';
import { follow } from './followed.ts';
import { filledStream, idsOf, newStream, type StoreUnderTest, sample, samples } from './sample.ts';

export const subscriptions = (store: StoreUnderTest): void => {
  describe('a subscription', () => {
    it('from a position delivers what follows it, not the event there', async () => {
      const stream = newStream();
      const [first, ...later] = samples(4);
      const { position } = await store().append(stream, 'no_stream', [first!]);
      await store().append(stream, 0, later);
      await using followed = follow(store(), position!);
      await followed.until((events) => events.some(({ id }) => id === later.at(-1)?.id));

      expect(idsOf(followed.of(stream))).toEqual(idsOf(later));
    });

    it('from the end delivers only what comes later', async () => {
      const stream = await filledStream(store(), 2);
      await using followed = follow(store(), 'end');
      await followed.caughtUp;
      await store().append(stream, 1, [sample()]);
      await followed.until(() => followed.of(stream).length > 0);

      expect(followed.of(stream).map(({ revision }) => revision)).toEqual([2]);
    });

    it('from the start delivers the whole log', async () => {
      const stream = await filledStream(store(), 3);
      await using followed = follow(store(), 'start');
      await followed.until(() => followed.of(stream).length === 3);

      expect(followed.of(stream).map(({ revision }) => revision)).toEqual([0, 1, 2]);
    });

    it('tells that it has caught up after everything durable before it was handled', async () => {
      const { position } = await store().append(newStream(), 'no_stream', [sample()]);
      const stream = await filledStream(store(), 700);
      await using followed = follow(store(), position!, { onEvents: () => nextTurn() });
      await followed.caughtUp;

      expect(followed.of(stream)).toHaveLength(700);
    });

    it('delivers an append soon after it was acknowledged, in full', async () => {
      await using followed = follow(store(), 'end');
      await followed.caughtUp;
      const stream = newStream();
      const event = sample({ text: 'Grüße' });
      const { position } = await store().append(stream, 'no_stream', [event]);
      await followed.until(() => followed.of(stream).length > 0);

      expect(followed.of(stream)[0]).toMatchObject({ ...event, stream, revision: 0, position });
    });

    it('delivers live events that equal those read back', async () => {
      await using followed = follow(store(), 'end');
      await followed.caughtUp;
      const stream = newStream();
      await store().append(stream, 'no_stream', samples(3));
      await followed.until(() => followed.of(stream).length === 3);
      const plain = ({
        id,
        revision,
        position,
        type,
        data,
        metadata,
        recordedAt,
      }: StoredEvent) => ({
        ...{ id, revision, position, type, data, metadata, recordedAt },
      });

      expect(followed.of(stream).map(plain)).toEqual((await store().readStream(stream)).map(plain));
    });

    it('joins past and present without a gap or a double while others write', async () => {
      const { position } = await store().append(newStream(), 'no_stream', [sample()]);
      const streams = Array.from({ length: 6 }, newStream);
      const write = async (stream: string): Promise<void> => {
        for (let revision = -1; revision < 59; revision += 3) {
          await store().append(stream, revision === -1 ? 'no_stream' : revision, samples(3));
        }
      };
      const writing = streams.map(write);
      const early = follow(store(), position!);
      await Promise.race(writing);
      await using late = follow(store(), position!, { onEvents: () => nextTurn() });
      await using followed = early;
      await Promise.all(writing);
      for (const one of [followed, late]) {
        await one.until(() => streams.every((stream) => one.of(stream).length >= 60));
        const own = one.received.filter(({ stream }) => streams.includes(stream));
        const positions = own.map((event) => event.position);

        expect(own).toHaveLength(360);
        expect([...new Set(positions)].sort()).toEqual(positions);
        for (const stream of streams) {
          expect(one.of(stream).map(({ revision }) => revision)).toEqual([...Array(60).keys()]);
        }
      }
    });

    it('hands over one batch at a time, however slow the handler', async () => {
      const { position } = await store().append(newStream(), 'no_stream', [sample()]);
      let running = 0;
      let most = 0;
      await using followed = follow(store(), position!, {
        onEvents: async () => {
          running += 1;
          most = Math.max(most, running);
          for (let turn = 0; turn < 5; turn += 1) await nextTurn();
          running -= 1;
        },
      });
      const streams = await Promise.all(Array.from({ length: 30 }, () => filledStream(store(), 2)));
      await followed.until(() => streams.every((stream) => followed.of(stream).length === 2));

      expect(most).toBe(1);
    });

    it('hands over nothing after it was ended', async () => {
      const followed = follow(store(), 'end');
      await followed.caughtUp;
      await followed[Symbol.asyncDispose]();
      const stream = await filledStream(store(), 1);
      await using other = follow(store(), 'end');
      await other.caughtUp;

      expect(followed.of(stream)).toEqual([]);
    });

    it('ends with the reason when its handler fails', async () => {
      await using followed = follow(store(), 'end', {
        onEvents: () => {
          throw new Error('cannot fold this');
        },
      });
      await followed.caughtUp;
      await filledStream(store(), 1);

      expect((await followed.dropped).message).toBe('cannot fold this');
    });

    it('from a position that no store gave out is refused', () => {
      expect(() =>
        store().subscribeAll({ from: asPosition('yesterday') }, { onEvents: () => {} }),
      ).toThrow();
    });
  });
};
