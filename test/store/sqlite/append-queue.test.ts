import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createAppendQueue } from '../../../src/store/sqlite/append-queue.ts';
import type { AppendedGroup } from '../../../src/store/sqlite/protocol.ts';
import { newStream, sample } from '../contract/sample.ts';

/** The queue before a thread that answers when the test says so. */
const queueUnderTest = () => {
  const underWay: { readonly size: number; answer(): void }[] = [];
  const queue = createAppendQueue({
    send: (items) =>
      new Promise<AppendedGroup>((resolve) => {
        const size = items.filter((item) => item === -1).length;
        const outcomes = Array.from({ length: size }, (_, at) => [0, 0, at + 1]).flat();
        underWay.push({ size, answer: () => resolve({ outcomes, recordedAt: 0 }) });
      }),
    onStored: () => {},
    onFailure: () => {},
  });
  return {
    underWay,
    append: async (count: number): Promise<void> => {
      for (let at = 0; at < count; at += 1) {
        void queue.append(newStream(), 'no_stream', [sample()]).catch(() => undefined);
      }
      await nextTurn();
    },
  };
};

describe('the queue of appends', () => {
  it('sends what comes in one turn as one group', async () => {
    const { underWay, append } = queueUnderTest();
    await append(5);

    expect(underWay.map(({ size }) => size)).toEqual([5]);
  });

  it('lets a few appends wait for company while a group is under way', async () => {
    const { underWay, append } = queueUnderTest();
    await append(1);
    await append(3);
    await append(4);
    expect(underWay.map(({ size }) => size)).toEqual([1]);
    underWay[0]?.answer();
    await nextTurn();

    expect(underWay.map(({ size }) => size)).toEqual([1, 7]);
  });

  it('sends a second group ahead when there are many, and never a third', async () => {
    const { underWay, append } = queueUnderTest();
    await append(1);
    await append(20);
    await append(20);
    await append(100);
    expect(underWay.map(({ size }) => size)).toEqual([1, 40]);
    underWay[0]?.answer();
    await nextTurn();

    expect(underWay.map(({ size }) => size)).toEqual([1, 40, 100]);
  });

  it('sends a full group at once, before the turn has ended', async () => {
    const { underWay, append } = queueUnderTest();
    const appended = append(300);
    expect(underWay.map(({ size }) => size)).toEqual([128, 128]);
    await appended;
    underWay[0]?.answer();
    await nextTurn();

    expect(underWay.map(({ size }) => size)).toEqual([128, 128, 44]);
  });
});
