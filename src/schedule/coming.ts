import type { Stretches } from '../domain/schedule/stretches.ts';
import { lastTick, type Misfire, preview, scheduleOf, type Tick } from './schedule.ts';

export interface Lateness {
  readonly jitterSeconds: number;
  readonly misfire: Misfire;
}

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
    .map(({ lastInstant }) => (lastInstant === null ? 0 : Date.parse(lastInstant)));
  const heldBack = lastTick(schedule, schedule.after, now) ?? 0;
  return preview(schedule, Math.max(heldBack - 1, ...ended), count + 1)
    .filter(({ dueAt }) => dueAt > now)
    .slice(0, count);
};
