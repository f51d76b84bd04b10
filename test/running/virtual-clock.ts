import { systemClock } from '../../src/domain/clock.ts';
import type { TestClock } from './test-clock.ts';

/** A clock whose wall time can be set, as people and time servers do; alarms go by what passes. */
export interface VirtualClock extends TestClock {
  /** Sets the wall clock; no time passes. */
  jump(ms: number): void;
  /** How long until something is due; infinite where nothing is. */
  untilNext(): number;
  /** Timers that have been set and have not rung. */
  readonly alarms: number;
}

export const createVirtualClock = (start: string): VirtualClock => {
  let elapsed = 0;
  let wall = Date.parse(start);
  let orders = 0;
  const alarms = new Map<number, { readonly at: number; readonly task: () => void }>();

  const earliest = () =>
    [...alarms].reduce<[number, { at: number; task: () => void }] | undefined>(
      (first, alarm) => (first === undefined || alarm[1].at < first[1].at ? alarm : first),
      undefined,
    );

  const pass = (ms: number): void => {
    elapsed += ms;
    wall += ms;
  };

  const toNext = (): boolean => {
    const next = earliest();
    if (next === undefined) return false;
    alarms.delete(next[0]);
    pass(Math.max(0, next[1].at - elapsed));
    next[1].task();
    return true;
  };

  return {
    now: () => wall,
    elapsed: () => elapsed,
    after(delayMs, task) {
      orders += 1;
      const order = orders;
      alarms.set(order, { at: elapsed + Math.min(delayMs, 60_000), task });
      return () => alarms.delete(order);
    },
    soon: systemClock.soon,
    advance(ms) {
      const until = elapsed + ms;
      while ((earliest()?.[1].at ?? Infinity) <= until) toNext();
      pass(until - elapsed);
    },
    toNext,
    jump(ms) {
      wall += ms;
    },
    untilNext: () => (earliest()?.[1].at ?? Infinity) - elapsed,
    get alarms() {
      return alarms.size;
    },
  };
};
