import { allowedBelow, isAllowed, nextAllowed, none } from './allowed-values.ts';
import type { CronFields } from './cron-fields.ts';
import { daysOf } from './day-rule.ts';

// A wall time is what a clock on the wall shows, written as the milliseconds at which it would be
// shown in UTC. Here no clock is ever changed: zones come in with `zone-segments.ts`.

export const dayMs = 86_400_000;

/** The calendar repeats after 400 years: what did not match by then never will. */
const monthsOfACycle = 4_800;

const secondOf = (hour: number, minute: number, second: number): number =>
  hour * 3_600 + minute * 60 + second;

const nextTimeOfDay = (fields: CronFields, from: number): number | undefined => {
  const { seconds, minutes, hours } = fields;
  const hour = Math.floor(from / 3_600);
  const minute = Math.floor(from / 60) % 60;
  if (isAllowed(hours, hour)) {
    const second = isAllowed(minutes, minute) ? nextAllowed(seconds, from % 60) : none;
    if (second !== none) return secondOf(hour, minute, second);
    const later = nextAllowed(minutes, minute + 1);
    if (later !== none) return secondOf(hour, later, seconds.first);
  }
  const later = nextAllowed(hours, hour + 1);
  return later === none ? undefined : secondOf(later, minutes.first, seconds.first);
};

const matchingDays = (fields: CronFields, year: number, month: number): number =>
  (fields.months >>> month) & 1 ? daysOf(fields.days, year, month) : 0;

const fromDay = (days: number, day: number): number => (day > 31 ? 0 : days & (-1 << day));

const lowest = (days: number): number => 31 - Math.clz32(days & -days);

const nextDay = (fields: CronFields, start: Date): number | undefined => {
  let year = start.getUTCFullYear();
  let month = start.getUTCMonth();
  let day = start.getUTCDate() + 1;
  for (let count = 0; count <= monthsOfACycle; count += 1) {
    const days = fromDay(matchingDays(fields, year, month), day);
    if (days !== 0) return Date.UTC(year, month, lowest(days));
    day = 1;
    month = (month + 1) % 12;
    if (month === 0) year += 1;
  }
  return undefined;
};

/** The first matching wall time after `after`; undefined where there never is one. */
export const nextWallTime = (fields: CronFields, after: number): number | undefined => {
  const from = new Date((Math.floor(after / 1_000) + 1) * 1_000);
  const midnight = Math.floor(from.getTime() / dayMs) * dayMs;
  const days = matchingDays(fields, from.getUTCFullYear(), from.getUTCMonth());
  if ((days >>> from.getUTCDate()) & 1) {
    const time = nextTimeOfDay(fields, (from.getTime() - midnight) / 1_000);
    if (time !== undefined) return midnight + time * 1_000;
  }
  const day = nextDay(fields, from);
  if (day === undefined) return undefined;
  const { hours, minutes, seconds } = fields;
  return day + secondOf(hours.first, minutes.first, seconds.first) * 1_000;
};

const timesBelow = ({ seconds, minutes, hours }: CronFields, time: number): number => {
  const hour = Math.floor(time / 3_600);
  const minute = Math.floor(time / 60) % 60;
  const wholeHours = allowedBelow(hours, hour) * minutes.size * seconds.size;
  if (!isAllowed(hours, hour)) return wholeHours;
  const wholeMinutes = allowedBelow(minutes, minute) * seconds.size;
  return (
    wholeHours + wholeMinutes + (isAllowed(minutes, minute) ? allowedBelow(seconds, time % 60) : 0)
  );
};

const bitCount = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
};

/** Matching days from the first of `wall`'s month up to the day of `wall`, that day excluded. */
const earlierInMonth = (fields: CronFields, wall: Date): number => {
  const days = matchingDays(fields, wall.getUTCFullYear(), wall.getUTCMonth());
  return bitCount(days & ~fromDay(-1, wall.getUTCDate()));
};

const daysOfMonths = (fields: CronFields, from: Date, to: Date): number => {
  let year = from.getUTCFullYear();
  let month = from.getUTCMonth();
  let count = 0;
  while (year < to.getUTCFullYear() || month < to.getUTCMonth()) {
    count += bitCount(matchingDays(fields, year, month));
    month = (month + 1) % 12;
    if (month === 0) year += 1;
  }
  return count;
};

const timesSoFarToday = (fields: CronFields, wall: Date): number => {
  const days = matchingDays(fields, wall.getUTCFullYear(), wall.getUTCMonth());
  if (((days >>> wall.getUTCDate()) & 1) === 0) return 0;
  const time = wall.getTime() - Math.floor(wall.getTime() / dayMs) * dayMs;
  return timesBelow(fields, Math.floor(time / 1_000) + 1);
};

/** How many wall times match after `after` and up to `upTo`: exact, at the cost of its months. */
export const countWallTimes = (fields: CronFields, after: number, upTo: number): number => {
  if (upTo <= after) return 0;
  const from = new Date(after);
  const to = new Date(upTo);
  const perDay = fields.hours.size * fields.minutes.size * fields.seconds.size;
  const days =
    daysOfMonths(fields, from, to) + earlierInMonth(fields, to) - earlierInMonth(fields, from);
  return days * perDay + timesSoFarToday(fields, to) - timesSoFarToday(fields, from);
};
