import type { ScheduleEntry } from '../../projections/schedules.ts';
import type { Actors } from '../actors/actors.ts';
import type { Registrar } from '../actors/registrar.ts';
import type { Config } from '../config.ts';
import type { RegistryIndex } from '../dispatch/registry-index.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Views } from '../subscriptions/views.ts';
import type { VerifyToken } from './tokens.ts';

export interface EnginePort {
  readonly registry: RegistryIndex;
  /** How far a scheduled trigger has come with its plan. */
  scheduleOf(triggerId: string): ScheduleEntry | undefined;
  readonly backlog: {
    /** Undefined where there is no room; else what gives the place back, unless it was used. */
    reserve(triggerId: string): (() => void) | undefined;
    sizeOf(triggerId: string): number;
  };
  /** Resolves when everything up to there has been taken in and acted upon. */
  reached(position: Position): Promise<void>;
  /** Gauges by name, for the metrics. */
  stats(): Readonly<Record<string, number>>;
}

export interface HttpDeps {
  readonly config: Pick<Config, 'bodyLimit' | 'trustProxy'>;
  readonly verifyToken: VerifyToken;
  readonly engine: EnginePort;
  readonly actors: Actors;
  readonly registrar: Registrar;
  readonly views: Pick<Views, 'reached' | 'get' | 'find' | 'audit' | 'stats'>;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly sealing: KeyRing;
  readonly clock: Clock;
  /** Whether work should be sent here: false while starting, stopping, or without a store. */
  readonly ready: () => boolean;
  readonly log: Logger;
}
