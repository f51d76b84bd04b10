import type { ScheduleEntry } from '../../projections/schedules.ts';
import type { Clock } from '../domain/clock.ts';
import type { Standing } from '../schedule/account.ts';

interface Seen {
  readonly instant: number;
  /** By the monotonic clock. */
  readonly at: number;
}

const latestOf = (instants: readonly (string | null)[]): number | null =>
  instants.reduce<number | null>(
    (latest, instant) =>
      instant === null ? latest : Math.max(latest ?? -Infinity, Date.parse(instant)),
    null,
  );

/**
 * An interval counts from its last tick; before the first, from where it was planned. Where the trigger
 * was stopped since, it was already as late as when it went on.
 */
const countedFrom = ({ stretches }: ScheduleEntry, passed: readonly Standing[]): number | null => {
  const present = stretches.at(-1);
  if (present === undefined) return null;
  const { anchor, timing } = present;
  const known = passed.find((standing) => standing.anchor === anchor)?.lastInstant ?? null;
  const ofPlan = stretches.filter((stretch) => stretch.anchor === anchor);
  const recorded = latestOf(ofPlan.map(({ lastInstant }) => lastInstant));
  const wentOn = latestOf(ofPlan.map(({ until }) => until));
  const planned = timing.startAt === undefined ? Date.parse(anchor) : null;
  return [known, recorded, wentOn, planned].reduce(
    (latest, instant) => (instant === null ? latest : Math.max(latest ?? instant, instant)),
    null,
  );
};

/**
 * The time by which intervals come due: real time, so that a clock that is set back does not make
 * them stand still until it is again where it was. Where the clock is not behind, it is the clock.
 */
export const createIntervalTime = (clock: Clock) => {
  const seen = new Map<string, Seen>();
  return {
    /** To be asked whenever the log has something new about the plan: waiting counts from then. */
    now(entry: ScheduleEntry, passed: readonly Standing[]): number {
      const instant = countedFrom(entry, passed);
      if (instant === null) return clock.now();
      const known = seen.get(entry.triggerId);
      const since = known?.instant === instant ? known : { instant, at: clock.elapsed() };
      seen.set(entry.triggerId, since);
      return Math.max(clock.now(), instant + clock.elapsed() - since.at);
    },
    get size() {
      return seen.size;
    },
    forget: (triggerId: string): void => {
      seen.delete(triggerId);
    },
  };
};
