import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handingOnPayloads, nothingAtHand } from '../../src/log/payloads-at-hand.ts';
import type { NewEvent } from '../../src/store/event-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { sample } from '../store/contract/sample.ts';
import { withCode } from '../store/contract/with-code.ts';

const mebibyte = 1_048_576;

const withPayload = (bytes: Uint8Array, fact = 0): NewEvent => ({
  ...sample(),
  payloads: [{ fact, salt: randomBytes(16), bytes }],
});

const opened = () => {
  const inner = createMemoryStore();
  const { store, atHand } = handingOnPayloads(inner);
  let arrivals = 0;
  const arrive = async (...events: NewEvent[]): Promise<void> => {
    arrivals += 1;
    await store.append(`arrival-${arrivals}`, 'no_stream', events);
  };
  return { inner, store, atHand, arrive };
};

describe('the payload of what has just arrived', () => {
  it('is at hand until it is dropped', async () => {
    const { atHand, arrive } = opened();
    const event = withPayload(Buffer.from('these'));
    await arrive(event);
    expect(atHand.peek(event.id)).toEqual(Buffer.from('these'));
    expect(atHand.peek(event.id)).toEqual(Buffer.from('these'));
    atHand.drop(event.id);
    atHand.drop(event.id);
    expect(atHand.peek(event.id)).toBeUndefined();
  });

  it('is at hand before the append is acknowledged, because its fact may come first', async () => {
    const { store, atHand } = opened();
    const event = withPayload(Buffer.from('these'));
    const appended = store.append('arrival-1', 'no_stream', [event]);
    expect(atHand.peek(event.id)).toEqual(Buffer.from('these'));
    await appended;
  });

  it('is that of the first fact, of each record that has one', async () => {
    const { atHand, arrive } = opened();
    const [bare, first, second] = [
      sample(),
      withPayload(Buffer.from('1')),
      withPayload(Buffer.from('2'), 1),
    ];
    await arrive(bare, first, second);
    expect([bare, first, second].map(({ id }) => atHand.peek(id)?.toString())).toEqual([
      undefined,
      '1',
      undefined,
    ]);
  });

  it('is not kept where the append failed', async () => {
    const { store, atHand } = opened();
    const event = withPayload(Buffer.from('these'));
    await store.append('arrival-1', 'no_stream', [sample()]);
    await expect(store.append('arrival-1', 'no_stream', [event])).rejects.toEqual(
      withCode('wrong-expected-revision'),
    );
    expect(atHand.peek(event.id)).toBeUndefined();
  });

  it('is not kept of other streams, whose payloads are asked for later if at all', async () => {
    const { store, inner, atHand } = opened();
    const event = withPayload(Buffer.from('these'));
    await store.append('lane-0', 'no_stream', [event]);
    expect(atHand.peek(event.id)).toBeUndefined();
    expect(await inner.readStream('lane-0')).toHaveLength(1);
  });

  it('makes room for the next: 16 MiB, the oldest goes first', async () => {
    const { atHand, arrive } = opened();
    const events = Array.from({ length: 5 }, () => withPayload(Buffer.alloc(4 * mebibyte)));
    const present = () => events.map(({ id }) => atHand.peek(id) !== undefined);
    for (const event of events.slice(0, 4)) await arrive(event);
    expect(present()).toEqual([true, true, true, true, false]);
    for (const event of events.slice(4)) await arrive(event);
    expect(present()).toEqual([false, true, true, true, true]);
    for (const event of events.slice(1, 3)) atHand.drop(event.id);
    const last = withPayload(Buffer.alloc(1));
    for (const event of events.slice(0, 2)) await arrive(event);
    await arrive(last);
    expect(present()).toEqual([true, true, false, false, true]);
    expect(atHand.peek(last.id)).toHaveLength(1);
  });

  it('is not kept where it is longer than 4 MiB, as its sender wants the memory back', async () => {
    const { atHand, arrive } = opened();
    const [longest, longer] = [4 * mebibyte, 4 * mebibyte + 1].map((length) =>
      withPayload(Buffer.alloc(length)),
    );
    await arrive(longest!);
    await arrive(longer!);
    expect(atHand.peek(longest!.id)).toHaveLength(4 * mebibyte);
    expect(atHand.peek(longer!.id)).toBeUndefined();
  });

  it('counts once where the append is sent again', async () => {
    const { store, atHand, arrive } = opened();
    const events = Array.from({ length: 4 }, () => withPayload(Buffer.alloc(4 * mebibyte)));
    await arrive(events[0]!);
    await store.append('arrival-1', 'no_stream', [events[0]!]);
    for (const event of events.slice(1)) await arrive(event);
    expect(events.map(({ id }) => atHand.peek(id) !== undefined)).toEqual([true, true, true, true]);
  });
});

it('nothing is at hand where nothing is handed on', () => {
  expect(nothingAtHand.peek('any')).toBeUndefined();
});
