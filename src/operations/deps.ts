import type { OpenReplay } from '../../projections/open-replays.ts';
import type { QueueEntry } from '../../projections/queue.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import type { Actors } from '../actors/actors.ts';
import type { Registrar } from '../actors/registrar.ts';
import type { Chance } from '../domain/chance.ts';
import type { Clock } from '../domain/clock.ts';
import type { Envelope } from '../domain/events.ts';
import type { InvocationCommand } from '../domain/invocation/commands.ts';
import type { InvocationState } from '../domain/invocation/decider.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import type { Door } from '../running/door.ts';
import type { Engine } from '../running/engine-deps.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { SignatureSchemes } from '../signatures/index.ts';
import type { EventStore } from '../store/event-store.ts';
import type { TriggerKinds } from '../triggers/index.ts';
import type { Views } from '../views/views.ts';

export interface InvocationStanding {
  readonly state: InvocationState;
  readonly position: Position | undefined;
}

/** What any edge may ask of what runs. */
export interface EnginePort extends Door, Pick<Engine, 'untilKnown'> {
  readonly registry: RegistryIndex;
  /** Of the last event taken in. */
  readonly position: Position;
  /** What can be asked of open invocations; one that is not open is `absent`. */
  readonly invocations: {
    ask(
      invocationId: string,
      command: InvocationCommand,
      envelope: Envelope,
    ): Promise<InvocationStanding>;
    /** Once all that was asked before is recorded. */
    settled(invocationId: string): Promise<InvocationStanding>;
    /** Up to where the log has all that was asked before, as far as this process records it. */
    recorded(): Promise<Position | undefined>;
  };
  /** How far a scheduled trigger has come with its plan. */
  scheduleOf(triggerId: string): ScheduleEntry | undefined;
  readonly backlog: {
    /** Undefined where there is no room; else what gives the place back, unless it was used. */
    reserve(triggerId: string): (() => void) | undefined;
    sizeOf(triggerId: string): number;
  };
  /** A replay that has not ended, as far as it has come. */
  replayOf(replayId: string): OpenReplay | undefined;
  /** What has not ended, in no order. */
  open(): Iterable<QueueEntry>;
  /** Resolves when everything up to there has been taken in and acted upon. */
  reached(position: Position): Promise<void>;
  /** Gauges by name, for the metrics. */
  stats(): Readonly<Record<string, number>>;
}

export interface OperationsDeps {
  readonly engine: EnginePort;
  readonly actors: Actors;
  readonly registrar: Registrar;
  readonly views: Pick<Views, 'reached' | 'find' | 'get' | 'audit'> &
    Partial<Pick<Views, 'shared'>>;
  readonly store: Pick<
    EventStore,
    'readStream' | 'readAll' | 'subscribeAll' | 'readPayloads' | 'forgetPayloads'
  >;
  readonly sealing: KeyRing;
  readonly kinds: TriggerKinds;
  readonly schemes: SignatureSchemes;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Logger;
}
