import {
  countTicks,
  lastTick,
  nextTick,
  type Schedule,
  type Tick,
  tickOf,
  ticksBetween,
} from './schedule.ts';

/** Why a planned instant did not fire; more than `mostListed` in a row are told as one. */
export interface Missed {
  readonly reason: 'missed' | 'paused' | 'DST-gap' | 'DST-repeat';
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface Firing extends Tick {
  /** True where it comes later than is usual, by the misfire policy. */
  readonly caughtUp: boolean;
}

export interface Plan {
  readonly fire: readonly Firing[];
  readonly missed: readonly Missed[];
  /** The instant all of this reaches up to: the next plan's `lastInstant`. */
  readonly upTo: number | null;
  readonly next: Tick | null;
}

export interface Situation {
  /** The last instant with a recorded end; only later ones are ever planned. */
  readonly lastInstant: number | null;
  readonly now: number;
  /** A tick is on time as long as it is not later than this; 0 right after a start. */
  readonly graceMs?: number;
  readonly paused?: boolean;
  /** Ticks that are due later are no concern of this plan, whatever the time. */
  readonly horizon?: number;
  /** With more missed ticks than this, one record stands for all. */
  readonly mostListed?: number;
}

/** As late as a busy process or a due index that sleeps for a minute may be. */
export const usualGraceMs = 60_000;
const mostCaughtUp = 100;
const mostMissedListed = 1_000;

/** The last `count` of the ticks after `from` and up to `to`, in order. */
const latestTicks = (schedule: Schedule, from: number, to: number, count: number): number[] => {
  const ticks: number[] = [];
  let end = to;
  while (ticks.length < count) {
    const tick = lastTick(schedule, from, end);
    if (tick === null) break;
    ticks.push(tick);
    end = tick - 1;
  }
  return ticks.reverse();
};

const firings = (schedule: Schedule, from: number, to: number, situation: Situation): Firing[] => {
  const { now, paused = false, graceMs = usualGraceMs } = situation;
  const most = paused ? 0 : schedule.misfire === 'all' ? mostCaughtUp : 1;
  return latestTicks(schedule, from, to, most)
    .map((instant) => tickOf(schedule, instant))
    .map((tick) => ({ ...tick, caughtUp: now - tick.dueAt > graceMs }))
    .filter(({ caughtUp }) => schedule.misfire !== 'skip' || !caughtUp);
};

const missedTicks = (
  schedule: Schedule,
  from: number,
  to: number,
  { paused = false, mostListed = mostMissedListed }: Situation,
): Missed[] => {
  const reason = paused ? 'paused' : 'missed';
  const count = countTicks(schedule, from, to);
  if (count <= mostListed) {
    return ticksBetween(schedule, from, to, count).map((instant) => ({
      reason,
      first: instant,
      last: instant,
      count: 1,
    }));
  }
  const first = nextTick(schedule, from) ?? from;
  return [{ reason, first, last: lastTick(schedule, from, to) ?? to, count }];
};

/** The latest tick that is due: jitter may hold back the last one, never an earlier one. */
const latestDue = (schedule: Schedule, from: number, now: number): number | null => {
  const latest = lastTick(schedule, from, now);
  if (latest === null || tickOf(schedule, latest).dueAt <= now) return latest;
  return lastTick(schedule, from, latest - 1);
};

/**
 * What is to be done about every tick after `lastInstant` that is due by now. Each of them ends in
 * `fire` or in `missed`, exactly once over any sequence of plans, and a clock that is set back
 * makes nothing due again.
 */
export const plan = (schedule: Schedule, situation: Situation): Plan => {
  const from = Math.max(situation.lastInstant ?? -Infinity, schedule.after);
  const { now, horizon = Infinity } = situation;
  const latest = latestDue(schedule, from, Math.min(now, horizon));
  const next = nextTick(schedule, latest ?? from);
  const nextPlanned = next === null ? null : tickOf(schedule, next);
  if (latest === null) {
    return { fire: [], missed: [], upTo: situation.lastInstant, next: nextPlanned };
  }
  const fire = firings(schedule, from, latest, situation);
  const missedUpTo = (fire[0]?.instant ?? latest + 1) - 1;
  const missed = [
    ...missedTicks(schedule, from, missedUpTo, situation),
    ...schedule.rhythm.lost(from, latest),
  ];
  return { fire, missed, upTo: latest, next: nextPlanned };
};
