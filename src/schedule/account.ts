import { isoOf } from '../domain/clock.ts';
import type { DataOf } from '../domain/events.ts';
import { accounted, type Stretch, type Stretches } from '../domain/schedule/stretches.ts';
import { type Firing, type Missed, type Plan, plan } from './plan.ts';
import { type Misfire, type Schedule, scheduleOf } from './schedule.ts';

export type MissedTicks = Readonly<Omit<DataOf<'TicksMissed'>, 'triggerId'>>;

/** One record. `note`: what a change of clocks did, which ends no planned instant. */
export type Step = { readonly anchor: string } & (
  | { readonly type: 'fire'; readonly tick: Firing }
  | { readonly type: 'miss' | 'note'; readonly missed: MissedTicks }
);

export interface Account {
  /** To be recorded one after the other: each presumes those before it. */
  readonly steps: readonly Step[];
  /** When there will be more to do; null: not before the trigger is changed. */
  readonly dueAt: number | null;
}

export interface Ticking {
  readonly triggerId: string;
  readonly stretches: Stretches;
  readonly jitterSeconds: number;
  readonly misfire: Misfire;
}

export interface Moment {
  readonly now: number;
  readonly graceMs: number;
  /** What is known to be on record, though the stretches do not show it yet: one for each plan. */
  readonly passed: readonly Standing[];
}

/** How far a plan has come. */
export interface Standing {
  /** Names the plan among those the trigger has had. */
  readonly anchor: string;
  readonly lastInstant: number | null;
}

/** With more missed ticks than this, one record stands for all without telling each. */
const mostListed = 100;

const millis = (instant: string | null): number | null =>
  instant === null ? null : Date.parse(instant);

const told = (
  reason: MissedTicks['reason'],
  [first, ...others]: readonly [Missed, ...Missed[]],
): MissedTicks => {
  const all = [first, ...others];
  const count = all.reduce((sum, entry) => sum + entry.count, 0);
  return {
    reason,
    first: isoOf(first.first),
    last: isoOf((others.at(-1) ?? first).last),
    count,
    instants: count === all.length ? all.map((entry) => isoOf(entry.first)) : [],
  };
};

const isNote = ({ reason }: Missed): boolean => reason === 'DST-gap' || reason === 'DST-repeat';

const stepsOf = (planned: Plan, anchor: string, reason: MissedTicks['reason']): Step[] => {
  const notes = planned.missed.filter(isNote).map((entry): Step => {
    return { type: 'note', anchor, missed: { ...told(entry.reason, [entry]), instants: [] } };
  });
  const [first, ...others] = planned.missed.filter((entry) => !isNote(entry));
  const missed: readonly Step[] =
    first === undefined ? [] : [{ type: 'miss', anchor, missed: told(reason, [first, ...others]) }];
  return [
    ...notes,
    ...missed,
    ...planned.fire.map((tick): Step => ({ type: 'fire', anchor, tick })),
  ];
};

/** What a plan that has been replaced still had before it, jitter or not. */
const leftOver = (
  schedule: Schedule,
  { anchor, status, until }: Stretch,
  lastInstant: number | null,
): readonly Step[] => {
  const situation = { lastInstant, now: millis(until) ?? 0, paused: true, mostListed };
  const reason = status === 'active' ? 'rescheduled' : status;
  return stepsOf(plan({ ...schedule, jitterMs: 0 }, situation), anchor, reason);
};

/** As the log will show the stretches when it shows what is known to be on it. */
const withPassed = (stretches: Stretches, passed: readonly Standing[]): Stretches =>
  passed.reduce(
    (known, { lastInstant }) =>
      lastInstant === null ? known : accounted(known, isoOf(lastInstant)),
    stretches,
  );

/** Up to where the plan of a stretch is accounted for, the stretch before it included. */
const lastOf = ({ anchor, lastInstant }: Stretch, before: Standing | null): number | null => {
  const own = millis(lastInstant);
  const former = before?.anchor === anchor ? before.lastInstant : null;
  return own === null || former === null ? (own ?? former) : Math.max(own, former);
};

/**
 * What is to be recorded about every planned instant that is due and whose end is not on record,
 * in the order of the instants, and when to look again.
 */
export const accountFor = (
  { triggerId, stretches, jitterSeconds, misfire }: Ticking,
  { now, graceMs, passed }: Moment,
): Account => {
  const steps: Step[] = [];
  let before: Standing | null = null;
  let dueAt: number | null = null;

  const known = withPassed(stretches, passed);
  for (const [place, stretch] of known.entries()) {
    const { timing, anchor, status, until } = stretch;
    const paused = status !== 'active';
    const follower = known[place + 1];
    if (follower === undefined && paused) break;
    const schedule = scheduleOf(
      { ...timing, jitterSeconds, misfire },
      { triggerId, anchor: Date.parse(anchor) },
    );
    const lastInstant = lastOf(stretch, before);
    const horizon = millis(until) ?? Infinity;
    const planned = plan(schedule, { lastInstant, now, graceMs, horizon, paused, mostListed });
    steps.push(...stepsOf(planned, anchor, paused ? status : 'missed'));
    before = { anchor, lastInstant: planned.upTo };
    if (follower === undefined) dueAt = planned.next?.dueAt ?? null;
    else if (follower.anchor !== anchor) steps.push(...leftOver(schedule, stretch, planned.upTo));
  }
  return { steps, dueAt };
};
