import { type Clock, systemClock } from '../../src/domain/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface TestClock extends Clock {
  /** Moves on to that many milliseconds later; what falls due on the way runs in order. */
  advance(ms: number): void;
  /** Moves on to the next thing due; false where nothing is. */
  toNext(): boolean;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

export const createTestClock = (start = Date.parse('2026-01-01T00:00:00.000Z')): TestClock => {
  let now = start;
  let orders = 0;
  const alarms = new Set<Alarm>();

  const earliest = (): Alarm | undefined =>
    [...alarms].sort((a, b) => a.at - b.at || a.order - b.order)[0];

  const ring = (alarm: Alarm): void => {
    alarms.delete(alarm);
    now = Math.max(now, alarm.at);
    alarm.task();
  };

  return {
    now: () => now,
    elapsed: () => now - start,
    after: (delayMs, task) => {
      orders += 1;
      const alarm = { at: now + Math.min(delayMs, 60_000), order: orders, task };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    soon: systemClock.soon,
    advance(ms) {
      const until = now + ms;
      for (let next = earliest(); next && next.at <= until; next = earliest()) ring(next);
      now = until;
    },
    toNext() {
      const next = earliest();
      if (next) ring(next);
      return next !== undefined;
    },
  };
};
