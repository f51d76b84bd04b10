import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isNamed, nameOf } from '../../../src/domain/payload-name.ts';
import type { Position } from '../../../src/domain/position.ts';
import type {
  EventStore,
  NewEvent,
  NewPayload,
  PayloadPart,
} from '../../../src/store/event-store.ts';
import { readsFacts } from '../../../src/store/fact-store.ts';
import { recordOf } from '../../../src/store/record.ts';
import { follow } from './followed.ts';
import { filledStream, newStream, type StoreUnderTest, sample } from './sample.ts';
import { withCode } from './with-code.ts';

const plenty = 67_108_864;

const payloadOf = (bytes: Uint8Array, fact = 0): NewPayload => ({
  fact,
  salt: randomBytes(16),
  bytes,
});

const withPayloads = (...payloads: readonly NewPayload[]): NewEvent => ({ ...sample(), payloads });

const stored = async (
  store: EventStore,
  event: NewEvent,
): Promise<{ readonly stream: string; readonly position: Position }> => {
  const stream = newStream();
  const { position } = await store.append(stream, 'no_stream', [event]);
  if (position === undefined) throw new Error('a first append tells its place');
  return { stream, position };
};

const readOne = async (
  store: EventStore,
  position: Position,
  from = 0,
  maxBytes = plenty,
): Promise<PayloadPart | undefined> => {
  const [part, ...more] = await store.readPayloads([{ position, from }], maxBytes);
  expect(more).toEqual([]);
  return part;
};

const bytesIn = (part: PayloadPart | undefined): Buffer | undefined =>
  part && Buffer.from(part.bytes);

const everyByte = Buffer.from(Array.from({ length: 512 }, (_, at) => at % 256));

const facts = (...payloads: readonly (Uint8Array | undefined)[]): NewEvent =>
  recordOf(
    randomUUID(),
    payloads.map((bytes, index) => ({
      fact: { type: 'TriggerRetired', data: { triggerId: `t${index}` } },
      schemaVersion: 1,
      payload: bytes && { salt: randomBytes(16), bytes },
    })),
    sample().metadata,
  );

export interface PayloadOptions {
  readonly shortOnesRide?: boolean;
}

export const payloads = (
  store: StoreUnderTest,
  { shortOnesRide = false }: PayloadOptions = {},
): void => {
  describe('a payload', () => {
    it.each([
      ['nothing', Buffer.alloc(0)],
      ['one NUL', Buffer.from([0])],
      ['every byte there is', everyByte],
      ['text', Buffer.from('{"greeting":"Grüße, 世界 🌍"}')],
      ['what is no UTF-8', Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0])],
      ['8 KB', randomBytes(8_192)],
      ['just 64 KiB', randomBytes(65_536)],
      ['a little more', randomBytes(65_537)],
      ['1.5 MB', randomBytes(1_500_000)],
    ])('of %s comes back as it was', async (_, bytes) => {
      const payload = payloadOf(bytes);
      const { position } = await stored(store(), withPayloads(payload));
      const part = await readOne(store(), position);

      expect(bytesIn(part)?.equals(bytes)).toBe(true);
      expect(part).toMatchObject({ size: bytes.length, from: 0 });
      expect(part && isNamed(nameOf(payload), part)).toBe(true);
    });

    it('of 25 MB comes back as it was, in pieces too', async () => {
      const bytes = randomBytes(25_000_000);
      const payload = payloadOf(bytes);
      const { position } = await stored(store(), withPayloads(payload));
      const whole = await readOne(store(), position);
      const pieces: Uint8Array[] = [];
      for (let from = 0; from < bytes.length; from += pieces.at(-1)?.length ?? 1) {
        const part = await readOne(store(), position, from, 7_000_001);
        expect(part?.bytes.length).toBeLessThanOrEqual(7_000_001);
        expect(Buffer.from(part?.salt ?? []).equals(payload.salt)).toBe(true);
        pieces.push(part?.bytes ?? new Uint8Array(1));
      }

      expect(bytesIn(whole)?.equals(bytes)).toBe(true);
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    });

    it('is no part of what reads and subscriptions show of its event', async () => {
      const event = withPayloads(payloadOf(everyByte));
      await using followed = follow(store(), 'end');
      await followed.caughtUp;
      const { stream, position } = await stored(store(), event);
      await followed.until(() => followed.of(stream).length === 1);
      const { payloads: _, ...bare } = event;
      const [read] = await store().readStream(stream);
      const [found] = await store().readAll({ from: position, maxCount: 1 });

      for (const shown of [read, found, followed.of(stream)[0]]) {
        expect(shown).toMatchObject({ ...bare, revision: 0 });
        expect(shown?.metadata).toEqual(bare.metadata);
        expect(JSON.stringify(shown)).not.toContain('payload');
      }
    });

    it('is the one it was, whatever becomes of the bytes that were handed in', async () => {
      const bytes = Buffer.from('as it was');
      const appended = stored(store(), withPayloads(payloadOf(bytes)));
      const { position } = await appended;
      bytes.fill('x');

      expect(String(bytesIn(await readOne(store(), position)))).toBe('as it was');
    });

    it('lies at the place of its fact', async () => {
      const event = facts(Buffer.from('first'), undefined, Buffer.from('third'));
      const { stream } = await stored(store(), event);
      const places = (await readsFacts(store()).readStream(stream)).map(({ position }) => position);
      const parts = await store().readPayloads(
        places.map((position) => ({ position })),
        plenty,
      );

      expect(parts.map((part) => part && String(bytesIn(part)))).toEqual([
        'first',
        undefined,
        'third',
      ]);
    });

    it('belongs to one event of its append', async () => {
      const stream = newStream();
      const events = [
        withPayloads(payloadOf(Buffer.from('one'))),
        sample(),
        withPayloads(payloadOf(Buffer.from('three'))),
      ];
      await store().append(stream, 'no_stream', events);
      const places = (await store().readStream(stream)).map(({ position }) => ({ position }));
      const parts = await store().readPayloads(places, plenty);

      expect(parts.map((part) => part && String(bytesIn(part)))).toEqual([
        'one',
        undefined,
        'three',
      ]);
    });

    it('lies at the place of its fact, in each record of an append', async () => {
      const stream = newStream();
      const long = randomBytes(70_000);
      const records = [
        facts(undefined, Buffer.from('0.1'), long),
        facts(Buffer.from('1.0'), Buffer.from('1.1'), undefined),
      ];
      await store().append(stream, 'no_stream', records);
      const places = (await readsFacts(store()).readStream(stream)).map(({ position }) => position);
      const parts = await store().readPayloads(
        places.map((position) => ({ position })),
        plenty,
      );

      expect(parts.map((part) => part && bytesIn(part)?.toString('latin1'))).toEqual([
        undefined,
        '0.1',
        long.toString('latin1'),
        '1.0',
        '1.1',
        undefined,
      ]);
    });

    it.each([
      ['a fact twice', () => [payloadOf(everyByte), payloadOf(everyByte)]],
      ['a fact that cannot be', () => [payloadOf(everyByte, -1)]],
      ['half a fact', () => [payloadOf(everyByte, 0.5)]],
      ['a short salt', () => [{ ...payloadOf(everyByte), salt: randomBytes(15) }]],
    ])('with %s is refused together with its event', async (_, given) => {
      const stream = newStream();

      await expect(store().append(stream, 'no_stream', [withPayloads(...given())])).rejects.toEqual(
        withCode('validation-failed'),
      );
      await expect(store().readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
    });

    it('of more than may be is refused together with its event', async () => {
      const stream = newStream();
      const event = withPayloads(payloadOf(Buffer.alloc(66_060_289)));

      await expect(store().append(stream, 'no_stream', [event])).rejects.toEqual(
        withCode('event-too-large'),
      );
      await expect(store().readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
    });
  });

  describe('payloads and the fate of an append', () => {
    it.each([
      ['short', everyByte],
      ['long', randomBytes(100_000)],
    ])('the first stand where %s ones are sent again', async (_, bytes) => {
      const event = withPayloads(payloadOf(bytes));
      const { stream, position } = await stored(store(), event);
      const again = await store().append(stream, 'no_stream', [event]);
      const other = { ...event, payloads: [payloadOf(Buffer.from('another'))] };
      const third = await store().append(stream, 'no_stream', [other]);

      expect([again.revision, third.revision]).toEqual([0, 0]);
      expect(bytesIn(await readOne(store(), position))?.equals(bytes)).toBe(true);
    });

    it('a conflict leaves nothing, and the next one gets its own', async () => {
      const stream = await filledStream(store(), 1);
      const refused = [everyByte, randomBytes(100_000)].map((bytes) =>
        store().append(stream, 'no_stream', [withPayloads(payloadOf(bytes))]),
      );
      const next = stored(store(), withPayloads(payloadOf(Buffer.from('next'))));
      for (const append of refused) {
        await expect(append).rejects.toEqual(withCode('wrong-expected-revision'));
      }
      const { position } = await next;

      expect(String(bytesIn(await readOne(store(), position)))).toBe('next');
    });

    it('many that wait together stay with their events', async () => {
      const taken = await filledStream(store(), 1);
      const results = await Promise.allSettled(
        Array.from({ length: 60 }, async (_, index) => {
          const event = facts(
            ...Array.from(
              { length: index % 4 },
              (_, n) => [undefined, Buffer.from(`${index}/${n}`)][n % 2],
            ),
            Buffer.from(`${index}`),
          );
          if (index % 5 === 0) return store().append(taken, 'no_stream', [event]);
          return stored(store(), event);
        }),
      );
      for (const [index, result] of results.entries()) {
        if (index % 5 === 0) {
          expect(result).toMatchObject({ status: 'rejected' });
          continue;
        }
        if (result.status === 'rejected' || !('stream' in result.value)) throw new Error('lost');
        const read = await readsFacts(store()).readStream(result.value.stream);
        const part = await readOne(store(), read.at(-1)!.position);
        expect(String(bytesIn(part))).toBe(String(index));
      }
    });

    it('a stream that is deleted keeps them for whoever knows the place', async () => {
      const { stream, position } = await stored(store(), withPayloads(payloadOf(everyByte)));
      await store().deleteStream(stream, 0);

      expect(bytesIn(await readOne(store(), position))?.equals(everyByte)).toBe(true);
    });
  });

  describe('reading payloads', () => {
    it('stops at as many bytes as are wanted', async () => {
      const places: { readonly position: Position }[] = [];
      for (let count = 0; count < 4; count += 1) {
        places.push(await stored(store(), withPayloads(payloadOf(randomBytes(1_000)))));
      }
      const ranges = places.map(({ position }) => ({ position }));
      const parts = await store().readPayloads(ranges, 2_500);

      expect(parts.map((part) => [part?.size, part?.bytes.length])).toEqual([
        [1_000, 1_000],
        [1_000, 1_000],
        [1_000, 500],
      ]);
      expect(await store().readPayloads(ranges, 1)).toHaveLength(1);
      expect((await readOne(store(), ranges[0]!.position, 0, 0))?.bytes).toHaveLength(1);
    });

    it.each([
      [0, 10, 10],
      [3_249, 2, 2],
      [511, 99_999, 99_489],
      [99_999, 10, 1],
      [100_000, 10, 0],
      [200_000, 10, 0],
      [-5, 10, 10],
    ])('from byte %i gives at most %i', async (from, maxBytes, expected) => {
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
      const { position } = await stored(store(), withPayloads(payloadOf(bytes)));
      const part = await readOne(store(), position, from, maxBytes);
      const start = Math.min(Math.max(from, 0), bytes.length);

      expect(part).toMatchObject({ size: 100_000, from: start });
      expect(bytesIn(part)?.equals(bytes.subarray(start, start + expected))).toBe(true);
    });

    it('tells that there is none', async () => {
      const { stream, position } = await stored(store(), withPayloads(payloadOf(everyByte)));
      const { position: bare } = await store().append(stream, 0, [sample()]);
      const beyond = `${position}.00001` as Position;
      const parts = await store().readPayloads(
        [bare!, beyond, position].map((place) => ({ position: place })),
        plenty,
      );

      expect(parts.map((part) => part?.size)).toEqual([undefined, undefined, 512]);
    });

    it('of nothing gives nothing', async () => {
      expect(await store().readPayloads([], plenty)).toEqual([]);
    });

    it('at what is no place of this store is refused', async () => {
      const reading = store().readPayloads([{ position: 'nowhere' as Position }], plenty);

      await expect(reading).rejects.toEqual(withCode('validation-failed'));
    });
  });

  describe('forgetting', () => {
    const long = (): Buffer => randomBytes(70_000);

    it('takes one payload and leaves its event and all others', async () => {
      const [kept, gone] = [long(), long()];
      const event = facts(kept, gone, kept);
      const { stream } = await stored(store(), event);
      const before = await readsFacts(store()).readStream(stream);
      const places = before.map(({ position }) => position);
      expect((await readOne(store(), places[1]!))?.forgettable).toBe(true);
      await store().forgetPayloads([places[1]!]);
      const parts = await store().readPayloads(
        places.map((position) => ({ position })),
        plenty,
      );

      expect(parts.map((part) => part?.size)).toEqual([70_000, undefined, 70_000]);
      expect(await readsFacts(store()).readStream(stream)).toEqual(before);
    });

    it('twice, or where there is none, is no fault', async () => {
      const { position, stream } = await stored(store(), withPayloads(payloadOf(long())));
      const { position: bare } = await store().append(stream, 0, [sample()]);
      await store().forgetPayloads([position]);
      await store().forgetPayloads([position, bare!]);
      await store().forgetPayloads([]);

      expect(await readOne(store(), position)).toBeUndefined();
    });

    it('a repeated append brings nothing back', async () => {
      const event = withPayloads(payloadOf(long()));
      const { stream, position } = await stored(store(), event);
      await store().forgetPayloads([position]);
      await store().append(stream, 'no_stream', [{ ...event }]);

      expect(await readOne(store(), position)).toBeUndefined();
    });

    it(
      shortOnesRide ? 'short ones is refused, and said before' : 'short ones is the same',
      async () => {
        const { position } = await stored(store(), withPayloads(payloadOf(everyByte)));
        const forgettable = (await readOne(store(), position))?.forgettable;
        const forgetting = store().forgetPayloads([position]);

        expect(forgettable).toBe(!shortOnesRide);
        if (shortOnesRide) {
          await expect(forgetting).rejects.toEqual(withCode('payload-not-forgettable'));
        } else await forgetting;
        expect((await readOne(store(), position))?.size).toBe(shortOnesRide ? 512 : undefined);
      },
    );
  });
};
