import { createHash } from 'node:crypto';
import { isoOf } from '../domain/clock.ts';
import { tickIdOf } from '../domain/schedule/tick-id.ts';
import type { Timing } from '../domain/trigger/timing.ts';
import { rhythmOf } from './planned.ts';
import type { Rhythm } from './rhythm.ts';

export type Misfire = 'skip' | 'one' | 'all';

/** A trigger's schedule, ready to be asked; cheap to make again, so that nobody need keep it. */
export interface Schedule {
  readonly triggerId: string;
  readonly rhythm: Rhythm;
  /** Ticks are later than this … */
  readonly after: number;
  /** … and earlier than this. */
  readonly before: number;
  readonly jitterMs: number;
  readonly misfire: Misfire;
}

export interface Tick {
  /** The same for this tick for ever and everywhere: whoever records it first has fired it. */
  readonly id: string;
  readonly instant: number;
  /** `instant` and its jitter; ticks come due in their order. */
  readonly dueAt: number;
  /** DST-gap: the wall time asked for was skipped that day, and this is the first one after it. */
  readonly shifted: 'DST-gap' | null;
}

/** The last instant that ISO 8601 writes with four digits of year. */
const endOfTime = Date.UTC(9_999, 11, 31);

/** `anchor`: when the trigger was created or its schedule last changed; nothing ticks before it. */
export const scheduleOf = (
  config: Timing & { readonly jitterSeconds: number; readonly misfire: Misfire },
  { triggerId, anchor }: { readonly triggerId: string; readonly anchor: number },
): Schedule => ({
  triggerId,
  rhythm: rhythmOf(config, anchor),
  after: config.startAt === undefined ? anchor : Math.max(anchor, Date.parse(config.startAt) - 1),
  before: config.endAt === undefined ? endOfTime : Date.parse(config.endAt),
  jitterMs: config.jitterSeconds * 1_000,
  misfire: config.misfire,
});

/** The first planned instant after `after`, null where there is none. */
export const nextTick = (schedule: Schedule, after: number): number | null => {
  const tick = schedule.rhythm.next(Math.max(after, schedule.after));
  return tick === null || tick >= schedule.before ? null : tick;
};

/** The last planned instant up to `upTo` and after `after`, null where there is none. */
export const lastTick = (schedule: Schedule, after: number, upTo: number): number | null => {
  const first = nextTick(schedule, after);
  if (first === null || first > upTo) return null;
  const second = nextTick(schedule, first);
  if (second === null || second > upTo) return first;
  let [latest, none] = [second, upTo];
  while (latest < none) {
    const middle = latest + Math.floor((none - latest) / 2);
    const tick = nextTick(schedule, middle);
    if (tick !== null && tick <= upTo) latest = tick;
    else none = middle;
  }
  return latest;
};

/** The planned instants after `from` and up to `to`, the first `limit` of them. */
export const ticksBetween = (
  schedule: Schedule,
  from: number,
  to: number,
  limit: number,
): number[] => {
  const ticks: number[] = [];
  let tick = nextTick(schedule, from);
  while (tick !== null && tick <= to && ticks.length < limit) {
    ticks.push(tick);
    tick = nextTick(schedule, tick);
  }
  return ticks;
};

/** How many instants `ticksBetween` would give without a limit, without walking them. */
export const countTicks = (schedule: Schedule, from: number, to: number): number =>
  schedule.rhythm.count(Math.max(from, schedule.after), Math.min(to, schedule.before - 1));

const idOf = ({ triggerId }: Schedule, instant: number): string =>
  tickIdOf(triggerId, isoOf(instant));

/** Jitter comes from the tick's id alone and ends before the next tick. */
export const dueAtOf = (schedule: Schedule, instant: number): number => {
  if (schedule.jitterMs === 0) return instant;
  const room = (nextTick(schedule, instant) ?? Infinity) - instant;
  const hash = createHash('sha256').update(idOf(schedule, instant)).digest();
  const share = hash.readUIntBE(0, 6) / 2 ** 48;
  return instant + Math.floor(share * Math.min(schedule.jitterMs, room));
};

export const tickOf = (schedule: Schedule, instant: number): Tick => ({
  id: idOf(schedule, instant),
  instant,
  dueAt: dueAtOf(schedule, instant),
  shifted: schedule.rhythm.isMoved(instant) ? 'DST-gap' : null,
});

/** The next `count` ticks after `from`. */
export const preview = (schedule: Schedule, from: number, count: number): Tick[] =>
  ticksBetween(schedule, from, Infinity, count).map((instant) => tickOf(schedule, instant));
