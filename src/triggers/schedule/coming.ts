import type { Stretches } from '../../domain/schedule/stretches.ts';
import type { ScheduleConfig } from './config.ts';
import { lastTick, preview, scheduleOf, type Tick } from './schedule.ts';

export type Lateness = Pick<ScheduleConfig, 'jitterSeconds' | 'misfire'>;

/** The ticks still to come by the present plan, one held back by its jitter included. */
export const comingTicks = (
  triggerId: string,
  stretches: Stretches,
  lateness: Lateness,
  { now, count }: { readonly now: number; readonly count: number },
): readonly Tick[] => {
  const present = stretches.at(-1);
  if (present === undefined) return [];
  const anchor = Date.parse(present.anchor);
  const schedule = scheduleOf({ ...present.timing, ...lateness }, { triggerId, anchor });
  const ended = stretches
    .filter(({ anchor }) => anchor === present.anchor)
    .reduce((latest, { lastInstant }) => Math.max(latest, Date.parse(lastInstant ?? '') || 0), 0);
  const latest = lastTick(schedule, schedule.after, now);
  return preview(schedule, Math.max(ended, (latest ?? now + 1) - 1), count + 1)
    .filter(({ dueAt }) => dueAt > now)
    .slice(0, count);
};
