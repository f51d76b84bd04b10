import type { ScheduleEntry } from '../../projections/schedules.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Documents } from '../subscriptions/hot-views.ts';
import {
  type Account,
  accountFor,
  type Standing,
  type Step,
} from '../triggers/schedule/account.ts';
import type { ScheduleConfig } from '../triggers/schedule/config.ts';
import { type Firing, usualGraceMs } from '../triggers/schedule/plan.ts';
import type { Activity } from './activity.ts';
import { createDueIndex } from './due-index.ts';
import type { RegistryIndex } from './registry-index.ts';
import type { TickRecords } from './tick-records.ts';
import { createTurnQueue } from './turn-queue.ts';

export interface SchedulerDeps {
  readonly schedules: Pick<Documents<ScheduleEntry>, 'get' | 'keys'>;
  readonly registry: Pick<RegistryIndex, 'triggerById'>;
  /** How many invocations of the trigger have not ended. */
  readonly openOf: (triggerId: string) => number;
  readonly records: TickRecords;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly log: Logger;
  /** No other process has these plans: what came due before the start has been fired by nobody. */
  readonly exclusive: boolean;
}

/**
 * Looks at a scheduled trigger when its next tick is due or its plan has changed, and has recorded
 * what is to be said of every instant up to now. All it goes by is the log and the clock, so that a
 * restart, a second process or a clock that jumps change nothing about what an instant ends in.
 */
export interface Scheduler {
  start(): void;
  /** The log says something new about the trigger's plan. */
  changed(triggerId: string): void;
  stop(): void;
  /** Triggers that have a next tick. */
  readonly planned: number;
}

type Terms = Pick<ScheduleConfig, 'jitterSeconds' | 'misfire' | 'overlap' | 'concurrency'>;

/** Triggers for which something is being recorded at once. */
const window = 256;
/** What could not be recorded, or is not seen on the log, is looked at again after this. */
const secondLookMs = 10_000;

const samePlan = (one: ScheduleEntry, other: ScheduleEntry | undefined): boolean => {
  const [mine, theirs] = [one.stretches.at(-1), other?.stretches.at(-1)];
  return mine?.anchor === theirs?.anchor && mine?.status === theirs?.status;
};

const lastOf = (step: Step): string =>
  step.type === 'fire' ? isoOf(step.tick.instant) : step.missed.last;

/** Whether the next tick overlaps is known when the log has shown what became of this one. */
const upToFirstTick = (steps: readonly Step[]): readonly Step[] => {
  const place = steps.findIndex(({ type }) => type === 'fire');
  return place < 0 ? steps : steps.slice(0, place + 1);
};

export const createScheduler = (deps: SchedulerDeps): Scheduler => {
  const { schedules, registry, records, activity, clock, log } = deps;
  const recording = new Set<string>();
  /** What this process knows to be on record before it has seen it on the log. */
  const passed = new Map<string, Standing>();
  let startedAt = 0;
  let stopped = false;

  // Its kind's schema has checked it before it was recorded.
  const termsOf = (triggerId: string): Terms | undefined =>
    registry.triggerById(triggerId)?.triggerMetadata as Terms | undefined;

  const due = createDueIndex<string>(clock, (triggerId) => looks.add(triggerId));
  const lookAgainLater = (triggerId: string): void => {
    due.set(triggerId, clock.now() + secondLookMs);
  };

  const fire = (entry: ScheduleEntry, tick: Firing, terms: Terms): Promise<string | undefined> => {
    const overlaps = terms.overlap === 'skip' && deps.openOf(entry.triggerId) >= terms.concurrency;
    return overlaps ? records.skip(entry, tick) : records.fire(entry, tick);
  };

  /** What the account is to do after a step. */
  const take = async (
    entry: ScheduleEntry,
    step: Step,
    terms: Terms,
  ): Promise<'go-on' | 'look-again' | 'give-up'> => {
    const { triggerId } = entry;
    const isTick = step.type === 'fire';
    const upTo = await (isTick ? fire(entry, step.tick, terms) : records.miss(entry, step.missed));
    if (upTo === undefined) return 'give-up';
    if (step.type === 'note') return 'go-on';
    passed.set(triggerId, { anchor: step.anchor, lastInstant: Date.parse(upTo) });
    // Another process has accounted for more or less than this step would have.
    return upTo === lastOf(step) ? 'go-on' : 'look-again';
  };

  /** True where the account may be taken up again at once, before the log has shown all of it. */
  const takeAll = async (
    entry: ScheduleEntry,
    steps: readonly Step[],
    terms: Terms,
  ): Promise<boolean> => {
    const { triggerId } = entry;
    let shown: ScheduleEntry | undefined;
    for (const step of steps) {
      shown = schedules.get(triggerId);
      if (stopped || !samePlan(entry, shown)) return true;
      const then = await take(entry, step, terms);
      if (then !== 'go-on') return then === 'look-again';
    }
    return terms.overlap !== 'skip' || schedules.get(triggerId) !== shown;
  };

  const record = async (
    entry: ScheduleEntry,
    steps: readonly Step[],
    terms: Terms,
  ): Promise<void> => {
    const { triggerId } = entry;
    recording.add(triggerId);
    activity.begin();
    lookAgainLater(triggerId);
    try {
      const possible = terms.overlap === 'skip' ? upToFirstTick(steps) : steps;
      if (await takeAll(entry, possible, terms)) looks.add(triggerId);
    } catch (error) {
      log.error({ err: error, triggerId }, 'ticks could not be recorded');
    } finally {
      recording.delete(triggerId);
      activity.end();
      looks.wake();
    }
  };

  const accountOf = ({ triggerId, stretches }: ScheduleEntry, terms: Terms): Account => {
    const now = clock.now();
    // What came due before the start of the only process there is is late, however little.
    const graceMs = deps.exclusive
      ? Math.min(Math.max(now - startedAt, 0), usualGraceMs)
      : usualGraceMs;
    const { jitterSeconds, misfire } = terms;
    return accountFor(
      { triggerId, stretches, jitterSeconds, misfire },
      { now, graceMs, passed: passed.get(triggerId) ?? null },
    );
  };

  /** What the log shows need not be remembered. */
  const settle = ({ triggerId, stretches }: ScheduleEntry): void => {
    const known = passed.get(triggerId);
    if (known === undefined) return;
    const instant = isoOf(known.lastInstant ?? 0);
    const isShown = stretches.some(
      ({ anchor, lastInstant }) => anchor === known.anchor && (lastInstant ?? '') >= instant,
    );
    if (isShown) passed.delete(triggerId);
  };

  const forget = (triggerId: string): void => {
    due.delete(triggerId);
    passed.delete(triggerId);
  };

  const look = (triggerId: string): void => {
    const entry = schedules.get(triggerId);
    const terms = termsOf(triggerId);
    if (recording.has(triggerId)) return;
    if (entry === undefined || terms === undefined) {
      forget(triggerId);
      return;
    }
    settle(entry);
    try {
      const { steps, dueAt } = accountOf(entry, terms);
      if (steps.length > 0) void record(entry, steps, terms);
      else if (dueAt === null) due.delete(triggerId);
      else due.set(triggerId, dueAt);
    } catch (error) {
      // One plan that cannot be made must not stop the others.
      log.error({ err: error, triggerId }, 'schedule cannot be planned');
      due.delete(triggerId);
    }
  };

  const looks = createTurnQueue({ look, hasRoom: () => recording.size < window });

  return {
    start() {
      startedAt = clock.now();
      for (const triggerId of schedules.keys()) looks.add(triggerId);
    },
    changed(triggerId) {
      looks.add(triggerId);
    },
    stop() {
      stopped = true;
      looks.stop();
      due.stop();
    },
    get planned() {
      return due.size;
    },
  };
};
