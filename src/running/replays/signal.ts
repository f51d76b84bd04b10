import type { Clock } from '../../domain/clock.ts';

/** Lets one wait for what others say; what was said while nobody waited is not lost. */
export const createSignal = (clock: Pick<Clock, 'after'>) => {
  let isGiven = false;
  let wake = (): void => {};
  return {
    give(): void {
      isGiven = true;
      wake();
    },
    /** Until it is given, or until so much time has passed. */
    async wait(longestMs?: number): Promise<void> {
      if (!isGiven) {
        await new Promise<void>((resolve) => {
          const cancel = longestMs === undefined ? undefined : clock.after(longestMs, resolve);
          wake = () => {
            cancel?.();
            resolve();
          };
        });
      }
      wake = () => {};
      isGiven = false;
    },
  };
};

export type Signal = ReturnType<typeof createSignal>;
