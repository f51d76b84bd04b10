import type { Timing } from '../domain/trigger/timing.ts';
import { nextTick, scheduleOf } from './schedule.ts';
import type { Problem } from './window-problems.ts';

/**
 * Refuses a schedule that has nothing left to do. Ask it only where the schedule is new or changed:
 * a trigger that has done its work may still be renamed.
 */
export const expiredProblem = (config: Timing, now: number): Problem | undefined => {
  const schedule = scheduleOf(
    { ...config, jitterSeconds: 0, misfire: 'skip' },
    { triggerId: '', anchor: now },
  );
  if (nextTick(schedule, now) !== null) return undefined;
  if (config.at !== undefined) return { field: 'at', message: 'must be later than now' };
  return { field: 'endAt', message: 'leaves no tick from now on' };
};
