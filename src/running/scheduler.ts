import type { ScheduleEntry } from '../../projections/schedules.ts';
import { type Clock, isoOf, monotonic } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import { type Account, accountFor, type Standing, type Step } from '../schedule/account.ts';
import { type Firing, usualGraceMs } from '../schedule/plan.ts';
import type { ScheduleConfig } from '../triggers/schedule-config.ts';
import type { Documents } from '../views/hot-views.ts';
import type { Activity } from './activity.ts';
import { createDueIndex } from './due-index.ts';
import { createIntervalTime } from './interval-time.ts';
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
  /** Triggers of which more is known than the log has shown. */
  readonly remembered: number;
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

const isInterval = ({ stretches }: ScheduleEntry): boolean =>
  stretches.at(-1)?.timing.interval !== undefined;

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
  /**
   * What this process knows to be on record before it has seen it on the log: how far each plan of a
   * trigger has come. With the last one alone, two plans that are both behind would forget each other.
   */
  const passed = new Map<string, readonly Standing[]>();
  const passedOf = (triggerId: string): readonly Standing[] => passed.get(triggerId) ?? [];
  let startedAt = 0;
  let stopped = false;

  // Its kind's schema has checked it before it was recorded.
  const termsOf = (triggerId: string): Terms | undefined =>
    registry.triggerById(triggerId)?.triggerMetadata as Terms | undefined;

  const intervals = createIntervalTime(clock);
  const due = createDueIndex<string>(clock, (triggerId) => looks.add(triggerId));
  /** What is due after a time has passed, wherever the wall clock is set meanwhile. */
  const passing = createDueIndex<string>(monotonic(clock), (triggerId) => looks.add(triggerId));
  const lookAgainLater = (triggerId: string): void => {
    passing.set(triggerId, clock.elapsed() + secondLookMs);
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
    const others = passedOf(triggerId).filter(({ anchor }) => anchor !== step.anchor);
    passed.set(triggerId, [...others, { anchor: step.anchor, lastInstant: Date.parse(upTo) }]);
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

  const nowFor = (entry: ScheduleEntry): number =>
    isInterval(entry) ? intervals.now(entry, passedOf(entry.triggerId)) : clock.now();

  const accountOf = (entry: ScheduleEntry, now: number, terms: Terms): Account => {
    const { triggerId, stretches } = entry;
    // What came due before the start of the only process there is is late, however little.
    const graceMs = deps.exclusive
      ? Math.min(clock.elapsed() - startedAt, usualGraceMs)
      : usualGraceMs;
    const { jitterSeconds, misfire } = terms;
    return accountFor(
      { triggerId, stretches, jitterSeconds, misfire },
      { now, graceMs, passed: passedOf(triggerId) },
    );
  };

  const waitFor = (entry: ScheduleEntry, dueAt: number, now: number): void => {
    due.set(entry.triggerId, dueAt);
    if (isInterval(entry)) passing.set(entry.triggerId, clock.elapsed() + dueAt - now);
    else passing.delete(entry.triggerId);
  };

  const waitNoMore = (triggerId: string): void => {
    due.delete(triggerId);
    passing.delete(triggerId);
  };

  /** What the log shows need not be remembered. */
  const settle = ({ triggerId, stretches }: ScheduleEntry): void => {
    const isUnseen = ({ anchor, lastInstant }: Standing): boolean => {
      const ofPlan = stretches.filter((stretch) => stretch.anchor === anchor);
      const instant = isoOf(lastInstant ?? 0);
      return ofPlan.length > 0 && ofPlan.every((stretch) => (stretch.lastInstant ?? '') < instant);
    };
    const unseen = passedOf(triggerId).filter(isUnseen);
    if (unseen.length === 0) passed.delete(triggerId);
    else passed.set(triggerId, unseen);
  };

  const forget = (triggerId: string): void => {
    waitNoMore(triggerId);
    passed.delete(triggerId);
    intervals.forget(triggerId);
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
      const now = nowFor(entry);
      const { steps, dueAt } = accountOf(entry, now, terms);
      if (steps.length > 0) void record(entry, steps, terms);
      else if (dueAt === null) waitNoMore(triggerId);
      else waitFor(entry, dueAt, now);
    } catch (error) {
      // One plan that cannot be made must not stop the others.
      log.error({ err: error, triggerId }, 'schedule cannot be planned');
      waitNoMore(triggerId);
    }
  };

  const looks = createTurnQueue({ look, hasRoom: () => recording.size < window, clock });

  return {
    start() {
      startedAt = clock.elapsed();
      for (const triggerId of schedules.keys()) looks.add(triggerId);
    },
    changed(triggerId) {
      looks.add(triggerId);
    },
    stop() {
      stopped = true;
      looks.stop();
      due.stop();
      passing.stop();
    },
    get planned() {
      return due.size;
    },
    get remembered() {
      return passed.size + recording.size + intervals.size;
    },
  };
};
