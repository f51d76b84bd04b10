import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginning, type Position } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { positionOf } from '../../src/store/log-ordinal.ts';
import { createRecentEvents } from '../../src/store/recent-events.ts';

const eventsFrom = (first: number, count: number): readonly StoredEvent[] =>
  Array.from({ length: count }, (_, at) => ({ position: positionOf(first + at) }) as StoredEvent);

const ordinals = (events: readonly StoredEvent[] | undefined) =>
  events?.map(({ position }) => Number(position));

/** A log of batches of these sizes, the first after `before`. */
const remembering = (sizes: readonly number[], before = 0) => {
  const recent = createRecentEvents();
  let last = before;
  for (const size of sizes) {
    recent.add(positionOf(last), eventsFrom(last + 1, size));
    last += size;
  }
  return { recent, last };
};

const upTo = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + 1 + at);

describe('what happened lately', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 });

  it('follows any position it reaches back to, without a gap, until a page is full', () => {
    fc.assert(
      fc.property(sizes, fc.nat(60), fc.integer({ min: 1, max: 12 }), (batches, pick, max) => {
        const { recent, last } = remembering(batches, 7);
        const from = pick % (last + 1);
        const found = ordinals(recent.after(positionOf(from), max));
        if (from < 7) expect(found).toBeUndefined();
        else {
          expect(found).toEqual(upTo(from, from + (found?.length ?? 0)));
          expect(found?.length).toBeGreaterThanOrEqual(Math.min(max, last - from));
          expect(found?.length).toBeLessThan(max + 5);
        }
      }),
    );
  });

  it('is handed over as it came in where that is just what is wanted', () => {
    const recent = createRecentEvents();
    const [one, two] = [eventsFrom(1, 3), eventsFrom(4, 2)];
    recent.add(beginning, one);
    expect(recent.after(beginning, 10)).toBe(one);
    recent.add(positionOf(3), two);
    expect(recent.after(beginning, 3)).toBe(one);
    expect(recent.after(positionOf(3), 10)).toBe(two);
    expect(ordinals(recent.after(beginning, 4))).toEqual([1, 2, 3, 4, 5]);
  });

  it('is nothing that reaches back over a hole', () => {
    const { recent } = remembering([3]);
    recent.add(positionOf(5), eventsFrom(6, 2));
    expect(recent.after(positionOf(3), 10)).toBeUndefined();
    expect(ordinals(recent.after(positionOf(5), 10))).toEqual([6, 7]);
  });

  it('is nothing at first', () => {
    expect(createRecentEvents().after(beginning, 10)).toBeUndefined();
  });

  it('is forgotten batch by batch as soon as all have handled it', () => {
    const { recent } = remembering([2, 3, 1]);
    recent.forgetUntil(positionOf(1));
    expect(ordinals(recent.after(beginning, 9))).toEqual([1, 2, 3, 4, 5, 6]);
    recent.forgetUntil(positionOf(4));
    expect(recent.after(positionOf(1), 9)).toBeUndefined();
    expect(ordinals(recent.after(positionOf(2), 9))).toEqual([3, 4, 5, 6]);
    recent.forgetUntil(positionOf(6));
    expect(recent.after(positionOf(6), 9)).toBeUndefined();
  });

  it('is no more than 8192 events, whole batches of them', () => {
    const { recent, last } = remembering([4_096, 4_096]);
    expect(ordinals(recent.after(beginning, 1))?.[0]).toBe(1);
    recent.add(positionOf(last), eventsFrom(last + 1, 1));
    expect(recent.after(beginning, 1)).toBeUndefined();
    expect(recent.after(positionOf(4_096), 1)).toHaveLength(4_096);
  });

  it('makes room again for what comes after it was forgotten', () => {
    const { recent, last } = remembering([4_096, 4_096]);
    recent.forgetUntil(positionOf(4_096));
    recent.add(positionOf(last), eventsFrom(last + 1, 4_096));
    const found = recent.after(positionOf(4_096) as Position, 8_192);
    expect(found).toHaveLength(8_192);
  });
});
