import { describe, expect, it } from 'vitest';
import { maxAppendBytes, sizeOf } from '../../../src/store/append-limits.ts';
import { checkEvents, storedEventOf, wireEventOf } from '../../../src/store/esdb/event.ts';
import { positionOf } from '../../../src/store/esdb/position.ts';
import { streamNamesOf } from '../../../src/store/esdb/stream-names.ts';
import type { NewEvent } from '../../../src/store/event-store.ts';
import { sample } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';

const names = streamNamesOf('tripline');
const { metadata } = sample();

describe('an event for the server', () => {
  it('is as it was given, with its payloads in its metadata', () => {
    const event = sample({ n: 1 });
    const { id, type, data } = event;
    expect(wireEventOf(event)).toMatchObject({ id, type, data, metadata });
    expect(wireEventOf(event).metadata).not.toHaveProperty('payloads');
    expect(wireEventOf(event, { 0: 'bytes' }).metadata).toEqual({
      ...metadata,
      payloads: { 0: 'bytes' },
    });
  });

  it('is measured with all others of its append', () => {
    const [one, two] = [sample({ n: 1 }), sample({ n: 22 })];
    const size = ({ type, data }: NewEvent) =>
      sizeOf(type, JSON.stringify(data), JSON.stringify(metadata));
    expect(checkEvents('thing-1', [one, two])).toBe(size(one) + size(two));
    const room = maxAppendBytes - size(sample({ text: '' }));
    const ofLength = (length: number) => sample({ text: 'x'.repeat(length) });
    expect(checkEvents('thing-1', [ofLength(room)])).toBe(maxAppendBytes);
    expect(() => checkEvents('thing-1', [ofLength(room + 1)])).toThrow(withCode('event-too-large'));
  });

  const circular: { self?: unknown } = {};
  circular.self = circular;

  it.each<[string, object]>([
    ['bytes for data', { data: Buffer.from('{}') }],
    ['bytes for metadata', { metadata: Buffer.from('{}') }],
    ['data without JSON', { data: undefined }],
    ['data that contains itself', { data: circular }],
    ['metadata without JSON', { metadata: () => 1 }],
  ])('is refused with %s', (_, change) => {
    const event = { ...sample(), ...change } as NewEvent;
    expect(() => checkEvents('thing-1', [event])).toThrow(withCode('validation-failed'));
  });
});

describe('an event of the server', () => {
  const place = { commit: 7n, prepare: 7n };
  const resolved = (change: object = {}) =>
    ({
      event: {
        ...{ streamId: 'tripline.thing-1', id: 'id-1', revision: 5n, type: 'ThingHappened' },
        ...{ data: { n: 1 }, metadata, created: new Date(0), position: place, ...change },
      },
    }) as unknown as Parameters<typeof storedEventOf>[0];

  it('is one of ours, under our names', () => {
    const own = {
      ...{ id: 'id-1', stream: 'thing-1', revision: 5, position: positionOf(place) },
      ...{ type: 'ThingHappened', data: { n: 1 }, metadata },
      recordedAt: '1970-01-01T00:00:00.000Z',
    };
    expect(storedEventOf(resolved(), names)).toEqual(own);
    const withPayloads = resolved({ metadata: { ...metadata, payloads: { 0: 'x' } } });
    expect(storedEventOf(withPayloads, names)).toEqual(own);
  });

  it.each([[undefined], [null], ['text'], [{}]])(
    'keeps what others wrote for metadata: %j',
    (other) => {
      expect(storedEventOf(resolved({ metadata: other }), names)?.metadata).toEqual(other);
    },
  );

  it('is none of ours in another stream, of the server’s own, or long gone', () => {
    expect(storedEventOf(resolved({ streamId: 'thing-1' }), names)).toBeUndefined();
    expect(storedEventOf(resolved({ type: '$metadata' }), names)).toBeUndefined();
    expect(storedEventOf({} as never, names)).toBeUndefined();
  });

  it.each([[undefined], [{ commit: 2n ** 64n - 1n, prepare: 0n }]])(
    'that has no place in the log ends all: the server is too old',
    (position) => {
      expect(() => storedEventOf(resolved({ position }), names)).toThrow(withCode('store-failed'));
    },
  );
});
