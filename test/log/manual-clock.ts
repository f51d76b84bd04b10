import { type Clock, systemClock } from '../../src/domain/clock.ts';

/** Time that stands still until the test moves it. */
export const createManualClock = () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const tasks = new Map<object, { at: number; task: () => void }>();
  const clock: Clock = {
    now: () => now,
    elapsed: () => now,
    after: (delayMs, task) => {
      const handle = {};
      tasks.set(handle, { at: now + delayMs, task });
      return () => tasks.delete(handle);
    },
    soon: systemClock.soon,
  };
  return {
    clock,
    pending: () => tasks.size,
    advance: (ms: number) => {
      now += ms;
      for (const [handle, { at, task }] of [...tasks]) {
        if (at > now) continue;
        tasks.delete(handle);
        task();
      }
    },
  };
};
