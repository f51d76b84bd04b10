import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Position } from '../domain/position.ts';

interface Waiter {
  readonly position: Position;
  readonly settle: (error?: Error) => void;
}

/** Those who wait until everything up to a position is visible; each has a deadline. */
export const createWaiters = (clock: Clock, hasReached: (position: Position) => boolean) => {
  const waiting = new Set<Waiter>();
  return {
    wait: (position: Position, deadlineMs: number): Promise<void> =>
      new Promise((resolve, reject) => {
        if (hasReached(position)) {
          resolve();
          return;
        }
        const behind = () =>
          waiter.settle(
            new TriplineError(
              'store-unavailable',
              `the views have not caught up with the log within ${deadlineMs} ms`,
            ),
          );
        const cancelTimer = clock.after(deadlineMs, behind);
        const waiter: Waiter = {
          position,
          settle: (error) => {
            waiting.delete(waiter);
            cancelTimer();
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        waiting.add(waiter);
      }),
    /** The views have moved on. */
    wake: (): void => {
      for (const waiter of waiting) if (hasReached(waiter.position)) waiter.settle();
    },
    rejectAll: (error: Error): void => {
      for (const waiter of waiting) waiter.settle(error);
    },
  };
};
