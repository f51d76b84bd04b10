import { describe, expect, it } from 'vitest';
import { maxAppendBytes } from '../../../src/store/append-limits.ts';
import { keptIn, planPayloads } from '../../../src/store/esdb/kept-payloads.ts';
import type { NewEvent, NewPayload } from '../../../src/store/event-store.ts';
import { sample } from '../contract/sample.ts';

const salt = Buffer.alloc(16, 1);
const payloadOf = (size: number, fact = 0): NewPayload => ({
  fact,
  salt,
  bytes: Buffer.alloc(size, 2),
});
const eventWith = (...payloads: NewPayload[]): NewEvent => ({ ...sample(), payloads });
const inBase64 = (size: number): string =>
  Buffer.concat([salt, Buffer.alloc(size, 2)]).toString('base64');

/** A plan in short: what each payload is kept as, by fact, and which lie beside. */
const planned = (events: readonly NewEvent[], bytes = 0, besides = false) => {
  const streams = ['stream-1', 'stream-2', 'stream-3'];
  const { kept, beside } = planPayloads(events, bytes, besides, () => streams.shift() ?? '');
  return { kept, beside: beside.map(({ stream, payload }) => [stream, payload.bytes.length]) };
};

describe('the payloads of an append', () => {
  it('are nothing where there are none', () => {
    expect(planned([sample(), eventWith()])).toEqual({ kept: [undefined, undefined], beside: [] });
  });

  it('ride in their record, by their fact, up to 64 KiB each', () => {
    expect(
      planned([eventWith(payloadOf(3), payloadOf(65_536, 2)), eventWith(payloadOf(0))]),
    ).toEqual({ kept: [{ 0: inBase64(3), 2: inBase64(65_536) }, { 0: inBase64(0) }], beside: [] });
  });

  it('get a stream each where they are longer, or all are to lie beside', () => {
    expect(planned([eventWith(payloadOf(65_537), payloadOf(3, 1))])).toEqual({
      kept: [{ 0: { stream: 'stream-1', size: 65_537 }, 1: inBase64(3) }],
      beside: [['stream-1', 65_537]],
    });
    expect(planned([eventWith(payloadOf(0), payloadOf(3, 1))], 0, true)).toEqual({
      kept: [{ 0: { stream: 'stream-1', size: 0 }, 1: { stream: 'stream-2', size: 3 } }],
      beside: [
        ['stream-1', 0],
        ['stream-2', 3],
      ],
    });
  });

  it('ride as long as the append has room for them, quotes and name included', () => {
    const room = 2 * (inBase64(100).length + 16);
    const three = [eventWith(payloadOf(100), payloadOf(100, 1), payloadOf(100, 2))];
    const lying = (left: number) => planned(three, maxAppendBytes - left).beside.length;
    expect([room - 1, room, room + 1].map(lying)).toEqual([2, 1, 1]);
  });
});

describe('where a payload is', () => {
  const beside = { stream: 's', size: 1 };

  it.each([
    [{ payloads: { 0: 'text', 2: beside } }, 'text', beside],
    [{ payloads: { 0: beside } }, beside, undefined],
    [{ payloads: {} }, undefined, undefined],
    [{}, undefined, undefined],
    [undefined, undefined, undefined],
    [null, undefined, undefined],
    ['text', undefined, undefined],
    [{ payloads: null }, undefined, undefined],
    [{ payloads: 'text' }, undefined, undefined],
    [{ payloads: { 0: 1, 2: null } }, undefined, undefined],
    [{ payloads: { 0: { stream: 's' }, 2: { size: 1 } } }, undefined, undefined],
    [
      { payloads: { 0: { stream: 1, size: 1 }, 2: { stream: 's', size: '1' } } },
      undefined,
      undefined,
    ],
    [{ payloads: Object.create({ 0: 'inherited' }) }, undefined, undefined],
  ])('is told by the metadata of its record: %j', (metadata, first, third) => {
    expect([keptIn(metadata, 0), keptIn(metadata, 2)]).toEqual([first, third]);
  });
});
