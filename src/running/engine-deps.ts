import type { OpenReplay } from '../../projections/open-replays.ts';
import type { QueueEntry } from '../../projections/queue.ts';
import type { RegistryEntry } from '../../projections/registry.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import type { Actors } from '../actors/actors.ts';
import type { OutcomeUnknown } from '../actors/outcome-unknown.ts';
import type { Chance } from '../domain/chance.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { PayloadsAtHand } from '../log/payloads-at-hand.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { EventStore } from '../store/event-store.ts';
import type { CallTarget } from '../targets/target.ts';
import type { TriggerKinds } from '../triggers/index.ts';
import type { Views } from '../views/views.ts';
import type { Asking } from './asking.ts';
import type { Backlog } from './backlog.ts';
import type { Door } from './door.ts';

export interface EngineLimits {
  /** Attempts running at once, over all functions. */
  readonly running: number;
  /** Reactions under way at once; the log is read no further until there is room. */
  readonly reactions: number;
  /** How much longer than its deadline an attempt is believed in by other processes. */
  readonly leaseMarginMs: number;
  /** Arrivals that a replay looks at at once, at least; five times as many at most. */
  readonly replayPage: number;
  readonly checkpointEvents: number;
  readonly checkpointMs: number;
}

export const defaultLimits: EngineLimits = {
  running: 1_024,
  reactions: 1_024,
  leaseMarginMs: 30_000,
  replayPage: 200,
  checkpointEvents: 50_000,
  checkpointMs: 5_000,
};

export interface EngineDeps {
  readonly store: EventStore;
  /** Of what was appended to the store just now. */
  readonly atHand?: PayloadsAtHand;
  readonly actors: Actors;
  readonly views: Pick<Views, 'loadSnapshot' | 'saveSnapshot' | 'get' | 'find' | 'reached'>;
  readonly target: CallTarget;
  readonly kinds: TriggerKinds;
  readonly sealing: KeyRing;
  readonly clock: Clock;
  readonly log: Logger;
  readonly chance: Chance;
  /** Of this run of the process: new at every start. */
  readonly ownerId: string;
  readonly limits?: Partial<EngineLimits>;
  /** Whether answers lie beside the log however short they are; else only long ones. */
  readonly answersBeside?: boolean | undefined;
  /** How long bodies and answers are kept; for good where it is not said. */
  readonly payloadDays?: number | undefined;
  /** Asked once, when all is known and nothing has been done yet; where it throws, nothing is. */
  readonly mayBegin?: (registry: Iterable<RegistryEntry>) => void;
  /** Nothing can be recorded any more: the process must end and start again. */
  readonly onFatal: (error: unknown) => void;
}

/** What makes things happen: it follows the log, routes, starts, calls, records. */
export interface Engine {
  /** As of `position`; empty before the start. */
  readonly registry: RegistryIndex;
  /** Gives no places before the start. */
  readonly backlog: Backlog;
  /** Leaves everything to who follows the log before the start. */
  readonly decide: Door['decide'];
  /** Whether it is stored after all, once the store has said so; undefined where that is given up. */
  untilKnown(unknown: OutcomeUnknown): Promise<boolean | undefined>;
  /** What can be asked of invocations. */
  readonly invocations: Pick<Asking, 'ask' | 'settled' | 'recorded'>;
  /** How far a scheduled trigger has come with its plan. */
  scheduleOf(triggerId: string): ScheduleEntry | undefined;
  /** A replay that has not ended, as far as it has come. */
  replayOf(replayId: string): OpenReplay | undefined;
  /** What has not ended, as of `position`, in no order. */
  open(): Iterable<QueueEntry>;
  /** Of the last event taken in. */
  readonly position: Position;
  /** Started, and not stopping. */
  readonly ready: boolean;
  /** Resolves when everything in the log has been taken in and work goes on where it was left. */
  start(): Promise<void>;
  /** Resolves when the event there has been taken in and the reactions to it have begun. */
  reached(position: Position): Promise<void>;
  /**
   * Nothing new is started. Running attempts have `graceMs` to end, then they are cut short and
   * recorded so, which costs them no attempt. What arrives meanwhile is taken in and waits.
   */
  rest(graceMs: number): Promise<void>;
  /** Rests, and takes nothing in any more. Resolves when all is recorded and saved. */
  stop(graceMs: number): Promise<void>;
  stats(): Readonly<Record<string, number>>;
}
