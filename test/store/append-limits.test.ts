import { describe, expect, it } from 'vitest';
import {
  checkAppend,
  checkStreamName,
  maxPayloadBytes,
  sizeOf,
  tooLarge,
} from '../../src/store/append-limits.ts';
import type { NewEvent } from '../../src/store/event-store.ts';

const metadata = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: '2026-11-29T12:00:00.000Z',
  schemaVersion: 1,
  $correlationId: 'c',
};
const id = (digit: string) => `00000000-0000-4000-8000-00000000000${digit}`;
const event = (change: Partial<NewEvent> = {}): NewEvent => ({
  ...{ id: id('1'), type: 'TriggerRetired', data: {}, metadata },
  ...change,
});

describe('an append', () => {
  it('has one event or several, each with an id of its own', () => {
    checkAppend('trigger-1', [event()]);
    checkAppend('trigger-1', [event(), event({ id: id('2') }), event({ id: id('a') })]);
    checkAppend('trigger-1', [event({ id: id('A') })]);
  });

  it.each<[string, string, readonly NewEvent[]]>([
    ['an append needs at least one event', 'trigger-1', []],
    ["event id 'x' is not a UUID", 'trigger-1', [event({ id: 'x' })]],
    [`event id '${id('1')}0' is not a UUID`, 'trigger-1', [event({ id: `${id('1')}0` })]],
    [`event id 'x${id('1')}' is not a UUID`, 'trigger-1', [event({ id: `x${id('1')}` })]],
    ['an event needs a type', 'trigger-1', [event({ type: '' })]],
    ['an event needs a type', 'trigger-1', [event(), event({ id: id('2'), type: '' })]],
    ['an append may not hold one event id twice', 'trigger-1', [event(), event()]],
    ["'' is not a stream name", '', [event()]],
    ["'$all' is not a stream name", '$all', [event()]],
  ])('is refused: %s', (message, stream, events) => {
    expect(() => checkAppend(stream, events)).toThrow(
      expect.objectContaining({ code: 'validation-failed', message }),
    );
  });

  const payload = (change: object = {}) => ({
    ...{ fact: 0, salt: Buffer.alloc(16), bytes: Buffer.alloc(0) },
    ...change,
  });

  it.each([
    ['a record has no fact -1', [payload({ fact: -1 })]],
    ['a record has no fact 0.5', [payload({ fact: 0.5 })]],
    ['a record has no fact 100000', [payload({ fact: 100_000 })]],
    ['a fact has one payload at most', [payload(), payload()]],
    ["a payload's salt has 16 bytes", [payload({ salt: Buffer.alloc(15) })]],
  ])('is refused with payloads of which it holds: %s', (message, payloads) => {
    expect(() => checkAppend('trigger-1', [event({ payloads })])).toThrow(
      expect.objectContaining({ code: 'validation-failed', message }),
    );
  });

  it('takes payloads up to the last fact there can be, and as much as all may have', () => {
    const bytes = Buffer.alloc(maxPayloadBytes);
    const withBytes = (length: number) =>
      checkAppend('trigger-1', [
        event({
          payloads: [
            payload({ bytes }),
            payload({ fact: 99_999, bytes: bytes.subarray(0, length) }),
          ],
        }),
      ]);
    withBytes(0);
    expect(() => withBytes(1)).toThrow(expect.objectContaining({ code: 'event-too-large' }));
  });

  it('goes to a stream with a name; those that begin with a dollar are the server’s', () => {
    checkStreamName('trigger-$1');
    expect(() => checkStreamName('')).toThrow();
    expect(() => checkStreamName('$x')).toThrow();
  });

  it('counts its JSON as UTF-8 and its types as UTF-16', () => {
    expect(sizeOf('', '{}', '{}')).toBe(4);
    expect(sizeOf('abc', '"é"', '{}')).toBe(12);
  });

  it('that is too large says how large it is', () => {
    expect(tooLarge('trigger-1', 1_000_000)).toMatchObject({
      code: 'event-too-large',
      message: 'an append to trigger-1 has 1000000 bytes, more than the 983040 allowed',
    });
  });
});
