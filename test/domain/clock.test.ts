import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isoOf, monotonic, systemClock } from '../../src/domain/clock.ts';

describe('an instant as text', () => {
  it('is what Date writes, whatever was asked for before', () => {
    const instants = fc.oneof(
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
      fc.double({ min: -1e12, max: 4e12, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(instants), (all) => {
        for (const ms of all) expect(isoOf(ms)).toBe(new Date(ms).toISOString());
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('does not exist for %s', (ms) => {
    expect(() => isoOf(ms)).toThrow(RangeError);
  });
});

describe('the clock of the system', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** What a task of this delay has done so often after so many milliseconds. */
  const runsAfter = (delayMs: number, elapsedMs: number): number => {
    const task = vi.fn();
    systemClock.after(delayMs, task);
    vi.advanceTimersByTime(elapsedMs);
    return task.mock.calls.length;
  };

  it('runs a task once, at its time', () => {
    expect([999, 1_000, 5_000].map((elapsed) => runsAfter(1_000, elapsed))).toEqual([0, 1, 1]);
  });

  it('wakes nobody later than after a minute, as far away as the time may be', () => {
    expect([59_999, 60_000].map((elapsed) => runsAfter(1e12, elapsed))).toEqual([0, 1]);
  });

  it('runs nothing that was taken back', () => {
    const task = vi.fn();
    systemClock.after(1_000, task)();
    vi.advanceTimersByTime(60_000);
    expect(task).not.toHaveBeenCalled();
  });

  it('lets other work have its turn before what is to run soon, unless that is taken back', () => {
    const ran: string[] = [];
    systemClock.soon(() => ran.push('soon'));
    systemClock.soon(() => ran.push('taken back'))();
    ran.push('now');
    vi.runAllTimers();
    expect(ran).toEqual(['now', 'soon']);
  });

  it('tells the time twice: by the wall, which is set, and by what has passed, which is not', () => {
    const waiting = monotonic(systemClock);
    const read = () => [systemClock.now(), systemClock.elapsed(), waiting.now()] as const;
    const [now, elapsed, waited] = read();
    vi.setSystemTime(now - 3_600_000);
    vi.advanceTimersByTime(1_000);
    expect(read()).toEqual([now - 3_599_000, elapsed + 1_000, waited + 1_000]);
    expect(waited).toBe(elapsed);
    expect(waiting.after).toBe(systemClock.after);
  });
});
