import type { Actors } from '../actors/actors.ts';
import type { Config } from '../config.ts';
import type { Chance } from '../domain/chance.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { EnginePort } from '../operations/deps.ts';
import type { Operations } from '../operations/operations.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { SignatureSchemes } from '../signatures/index.ts';
import type { EventStore } from '../store/event-store.ts';
import type { TriggerKinds } from '../triggers/index.ts';
import type { Views } from '../views/views.ts';
import type { Connections } from './connections.ts';
import type { VerifyToken } from './tokens.ts';

export interface HttpDeps {
  readonly config: Pick<Config, 'bodyLimit' | 'keepAliveMs' | 'trustProxy'>;
  readonly connections: Connections;
  readonly verifyToken: VerifyToken;
  readonly engine: EnginePort;
  readonly actors: Actors;
  readonly operations: Operations;
  readonly kinds: TriggerKinds;
  readonly schemes: SignatureSchemes;
  readonly views: Pick<Views, 'reached' | 'get' | 'find' | 'count' | 'audit' | 'stats'>;
  readonly store: Pick<EventStore, 'readStream' | 'readPayloads' | 'subscribeAll'>;
  readonly sealing: KeyRing;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Whether work should be sent here: false while starting, stopping, or without a store. */
  readonly ready: () => boolean;
  readonly log: Logger;
}
