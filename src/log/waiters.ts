import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';

interface Waiter {
  readonly isOver: () => boolean;
  readonly settle: (error?: Error) => void;
}

const behind = (deadlineMs: number) =>
  new TriplineError(
    'store-unavailable',
    `the views have not caught up with the log within ${deadlineMs} ms`,
  );

/** Those who wait until the views have come so far; each has a deadline. */
export const createWaiters = (clock: Clock) => {
  const waiting = new Set<Waiter>();
  return {
    wait: (isOver: () => boolean, deadlineMs: number): Promise<void> =>
      new Promise((resolve, reject) => {
        if (isOver()) {
          resolve();
          return;
        }
        const deadline = clock.elapsed() + deadlineMs;
        let cancelTimer = () => {};
        // A clock may call early: it sleeps for a minute at most.
        const check = (): void => {
          const leftMs = deadline - clock.elapsed();
          if (leftMs > 0) cancelTimer = clock.after(leftMs, check);
          else waiter.settle(behind(deadlineMs));
        };
        const waiter: Waiter = {
          isOver,
          settle: (error) => {
            waiting.delete(waiter);
            cancelTimer();
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        waiting.add(waiter);
        check();
      }),
    /** The views have moved on. */
    wake: (): void => {
      for (const waiter of waiting) if (waiter.isOver()) waiter.settle();
    },
    rejectAll: (error: Error): void => {
      for (const waiter of waiting) waiter.settle(error);
    },
  };
};
