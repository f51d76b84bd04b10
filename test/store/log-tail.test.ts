import { describe, expect, it } from 'vitest';
import { asPosition, beginning, type Position } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createLogTail } from '../../src/store/log-tail.ts';

const at = (n: number): Position => asPosition(String(n).padStart(10, '0'));
const eventAt = (n: number) => ({ position: at(n) }) as StoredEvent;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => eventAt(from + n));
const numbers = (events: readonly StoredEvent[]) => events.map(({ position }) => Number(position));

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A log with so many events on disk, read only when the test lets it. */
const createScene = (onDisk = 0, readsElsewhere = false) => {
  let last = onDisk;
  const reads: { readonly after: number; readonly maxCount: number }[] = [];
  const tail = createLogTail({
    head: onDisk === 0 ? beginning : at(onDisk),
    readsElsewhere,
    async readAfter(position, maxCount) {
      const after = position === beginning ? 0 : Number(position);
      reads.push({ after, maxCount });
      return range(after + 1, Math.min(last, after + maxCount));
    },
  });
  const follow = (from: Position | 'start' | 'end' = 'start', handle?: () => unknown) => {
    const seen: number[][] = [];
    const told: unknown[] = [];
    const subscription = tail.subscribe(
      { from },
      {
        onEvents: (events) => {
          seen.push(numbers(events));
          return handle?.() as Promise<void> | undefined;
        },
        onCaughtUp: () => void told.push('caught up'),
        onDropped: (reason) => void told.push(reason),
      },
    );
    return { seen, told, subscription };
  };
  const publish = (events: readonly StoredEvent[]) => {
    last += events.length;
    tail.publish(events);
  };
  return { tail, follow, publish, reads, grow: (by: number) => (last += by) };
};

describe('a follower of the log', () => {
  it('reads what is on disk, says once that it has caught up, and goes on from memory', async () => {
    const { follow, publish, reads } = createScene(3);
    const { seen, told } = follow();
    await settled();
    expect([seen, told]).toEqual([[[1, 2, 3]], ['caught up']]);
    const before = reads.length;
    publish(range(4, 5));
    await settled();
    publish(range(6, 6));
    await settled();
    expect(seen).toEqual([[1, 2, 3], [4, 5], [6]]);
    expect(told).toEqual(['caught up']);
    expect(reads).toHaveLength(before);
  });

  it('from the end is told of what comes, and from a place of what is behind it', async () => {
    const { follow, publish } = createScene(3);
    const [end, place] = [follow('end'), follow(at(2))];
    await settled();
    publish(range(4, 4));
    await settled();
    expect(end.seen).toEqual([[4]]);
    expect(place.seen).toEqual([[3], [4]]);
  });

  it('gets a page at a time, and the next one when it has handled that', async () => {
    const { follow, reads } = createScene(2_500);
    let done = (): void => {};
    const { seen } = follow('start', () => new Promise<void>((resolve) => (done = resolve)));
    await settled();
    expect(seen.map((page) => page.length)).toEqual([1_000]);
    done();
    await settled();
    expect(seen.map((page) => page.length)).toEqual([1_000, 1_000]);
    done();
    await settled();
    expect(seen.map((page) => page.length)).toEqual([1_000, 1_000, 500]);
    expect(new Set(reads.map(({ maxCount }) => maxCount))).toEqual(new Set([1_000]));
  });

  it('that is slow misses nothing, and others do not wait for it', async () => {
    const { follow, publish } = createScene();
    let done = (): void => {};
    const slow = follow('start', () => new Promise<void>((resolve) => (done = resolve)));
    const quick = follow();
    await settled();
    for (let n = 1; n <= 5; n += 1) {
      publish(range(n, n));
      await settled();
    }
    expect(quick.seen.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(slow.seen).toEqual([[1]]);
    done();
    await settled();
    done();
    await settled();
    expect(slow.seen.flat()).toEqual([1, 2, 3, 4, 5]);
  });

  it('reads what others have written when it is told how far the log goes', async () => {
    const { tail, follow, grow } = createScene(1);
    const { seen, told } = follow();
    await settled();
    grow(2);
    tail.advance(at(3));
    await settled();
    // What is said late takes nothing back.
    tail.advance(at(2));
    await settled();
    expect(seen).toEqual([[1], [2, 3]]);
    expect(told).toEqual(['caught up', 'caught up']);
  });

  it('is handed nothing where nothing was published', async () => {
    const { follow, publish } = createScene();
    const { seen } = follow();
    await settled();
    publish([]);
    await settled();
    expect(seen).toEqual([]);
  });

  it('has the next page read ahead only where somebody else reads it', async () => {
    for (const readsElsewhere of [true, false]) {
      const { follow, reads } = createScene(3_000, readsElsewhere);
      follow('start', () => new Promise<void>(() => {}));
      await settled();
      expect(reads.map(({ after }) => after)).toEqual(readsElsewhere ? [0, 1_000] : [0]);
    }
  });
});

describe('a subscription', () => {
  it('that is ended hears nothing more, also not of its end', async () => {
    const { follow, publish } = createScene();
    const { seen, told, subscription } = follow();
    await settled();
    await subscription.unsubscribe();
    publish(range(1, 1));
    await settled();
    expect([seen, told]).toEqual([[], ['caught up']]);
  });

  it('that is ended while it handles something is over when that is', async () => {
    const { follow, publish } = createScene();
    let done = (): void => {};
    const { seen, subscription } = follow(
      'start',
      () => new Promise<void>((resolve) => (done = resolve)),
    );
    await settled();
    publish(range(1, 1));
    await settled();
    publish(range(2, 2));
    let isOver = false;
    const over = subscription.unsubscribe().then(() => {
      isOver = true;
    });
    await settled();
    expect(isOver).toBe(false);
    done();
    await over;
    expect(seen).toEqual([[1]]);
  });

  it('says why where its handler fails, whatever was thrown, and others go on', async () => {
    const { follow, publish } = createScene();
    const failing = follow('start', () => Promise.reject(new Error('broken')));
    const text = follow('start', () => {
      throw 'just a text';
    });
    const other = follow();
    await settled();
    publish(range(1, 1));
    await settled();
    publish(range(2, 2));
    await settled();
    expect(failing.told).toEqual(['caught up', new Error('broken')]);
    expect(text.told).toEqual(['caught up', new Error('just a text')]);
    expect(failing.seen).toEqual([[1]]);
    expect(other.seen).toEqual([[1], [2]]);
  });

  it('is told why where the log ends for all', async () => {
    const { tail, follow } = createScene();
    const [first, second] = [follow(), follow()];
    await settled();
    await tail.end(new Error('the disk is gone'));
    for (const { told } of [first, second])
      expect(told).toEqual(['caught up', new Error('the disk is gone')]);
    await tail.end(new Error('again'));
    expect(first.told).toHaveLength(2);
  });

  it('keeps the first reason of several', async () => {
    const { tail, follow, publish } = createScene();
    let fail = (_: Error): void => {};
    const { told } = follow('start', () => new Promise<void>((_, reject) => (fail = reject)));
    await settled();
    publish(range(1, 1));
    await settled();
    const ended = tail.end(new Error('the log ends'));
    fail(new Error('and the handler fails'));
    await ended;
    expect(told).toEqual(['caught up', new Error('and the handler fails')]);
  });
});
