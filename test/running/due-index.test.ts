import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDueIndex } from '../../src/running/due-index.ts';
import { createTestClock } from './test-clock.ts';

const day = 86_400_000;

describe('the due index', () => {
  it('hands out everything exactly once, in order of time and never early', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ item: fc.nat(20), delay: fc.nat(500_000), drop: fc.boolean() })),
        (plan) => {
          const clock = createTestClock();
          const start = clock.now();
          const wanted = new Map<number, number>();
          const seen: [number, number][] = [];
          const index = createDueIndex<number>(clock, (item) => {
            expect(clock.now()).toBeGreaterThanOrEqual(wanted.get(item) ?? Number.NaN);
            seen.push([item, wanted.get(item) ?? 0]);
            wanted.delete(item);
          });
          for (const { item, delay, drop } of plan) {
            wanted.set(item, start + delay);
            index.set(item, start + delay);
            if (!drop) continue;
            wanted.delete(item);
            index.delete(item);
          }
          const expected = wanted.size;
          clock.advance(600_000);
          expect(seen).toHaveLength(expected);
          expect(seen.map(([, at]) => at)).toEqual(seen.map(([, at]) => at).sort((a, b) => a - b));
          expect(index.size).toBe(0);
        },
      ),
    );
  });

  it('waits for longer than any timer can', () => {
    const clock = createTestClock();
    const seen: string[] = [];
    const index = createDueIndex<string>(clock, (item) => seen.push(item));
    index.set('late', clock.now() + 40 * day);
    clock.advance(40 * day - 1);
    expect(seen).toEqual([]);
    clock.advance(1);
    expect(seen).toEqual(['late']);
  });

  it('hands out what is past at the next turn, not within the call', () => {
    const clock = createTestClock();
    const seen: string[] = [];
    const index = createDueIndex<string>(clock, (item) => seen.push(item));
    index.set('past', clock.now() - 1_000);
    expect(seen).toEqual([]);
    clock.advance(0);
    expect(seen).toEqual(['past']);
  });

  it('is in time for something earlier than what it sleeps for', () => {
    const clock = createTestClock();
    const seen: string[] = [];
    const index = createDueIndex<string>(clock, (item) => seen.push(item));
    index.set('later', clock.now() + 50_000);
    index.set('sooner', clock.now() + 10);
    clock.advance(10);
    expect(seen).toEqual(['sooner']);
  });

  it('survives an item that comes back while it is handed out', () => {
    const clock = createTestClock();
    let times = 0;
    const index = createDueIndex<string>(clock, (item) => {
      times += 1;
      if (times < 3) index.set(item, clock.now() + 100);
    });
    index.set('again', clock.now());
    clock.advance(1_000);
    expect(times).toBe(3);
  });

  it('does nothing more once stopped', () => {
    const clock = createTestClock();
    const seen: string[] = [];
    const index = createDueIndex<string>(clock, (item) => seen.push(item));
    index.set('never', clock.now() + 10);
    index.stop();
    index.set('neither', clock.now() + 10);
    clock.advance(100);
    expect(seen).toEqual([]);
  });
});
