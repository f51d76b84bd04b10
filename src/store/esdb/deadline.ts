import type { Clock } from '../../domain/clock.ts';

/** No answer within our own time; what became of the call is not known. */
export class NoAnswer extends Error {
  constructor(what: string, ms: number) {
    super(`no answer to ${what} within ${ms} ms`);
    this.name = 'NoAnswer';
  }
}

/** The client keeps no deadline of its own where a server falls silent, so each call gets one here. */
export const within = async <T>(
  clock: Clock,
  ms: number,
  what: string,
  work: Promise<T>,
): Promise<T> => {
  let cancel = (): void => {};
  const expiry = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => reject(new NoAnswer(what, ms)));
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    cancel();
  }
};
