import type { Clock } from '../domain/clock.ts';

/** Resolves with the task or when the time is over, whichever comes first; true for the task. */
export const within = async (
  clock: Clock,
  ms: number,
  task: Promise<unknown>,
): Promise<boolean> => {
  const until = clock.elapsed() + ms;
  let cancel: () => void = () => {};
  const timeIsOver = new Promise<boolean>((resolve) => {
    const wait = (): void => {
      const left = until - clock.elapsed();
      if (left <= 0) resolve(false);
      else cancel = clock.after(left, wait);
    };
    wait();
  });
  try {
    return await Promise.race([task.then(() => true), timeIsOver]);
  } finally {
    cancel();
  }
};
