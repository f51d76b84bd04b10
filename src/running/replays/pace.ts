import type { Clock } from '../../domain/clock.ts';

/** What could not be used may be made up for, up to so much. */
const slackMs = 100;

/** So many per second at most; null: any number. */
export const createPace = (perSecond: number | null, clock: Pick<Clock, 'elapsed'>) => {
  const everyMs = perSecond === null ? 0 : 1_000 / perSecond;
  let nextAt = clock.elapsed();
  return {
    /** How long until the next one may go. */
    waitMs: (): number => Math.max(0, nextAt - clock.elapsed()),
    went(): void {
      nextAt = Math.max(nextAt, clock.elapsed() - slackMs) + everyMs;
    },
  };
};
