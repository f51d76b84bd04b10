import type { AddressInfo } from 'node:net';
import { createActors } from './actors/actors.ts';
import { createRegistrar } from './actors/registrar.ts';
import type { Config } from './config.ts';
import { createEngine } from './dispatch/engine.ts';
import { createRemoteTarget } from './dispatch/targets/remote-target.ts';
import { type Clock, systemClock } from './domain/clock.ts';
import { newId } from './domain/ids.ts';
import type { Logger } from './domain/logger.ts';
import { acceptApiKeys } from './http/api-keys.ts';
import { createHttp } from './http/server.ts';
import { createTokenVerifier } from './http/tokens.ts';
import type { Keys } from './keys.ts';
import { createKeyRing } from './sealing/key-ring.ts';
import { openStore } from './store/index.ts';
import { openViews } from './subscriptions/open-views.ts';

export interface AppDeps {
  readonly config: Config;
  readonly keys: Keys;
  readonly log: Logger;
  readonly clock?: Clock;
  /** The log can no longer be trusted with new facts: the process must end and start again. */
  readonly onFatal: (error: unknown) => void;
}

export interface App {
  /** Serves requests once everything recorded has been taken in; answers where. */
  start(): Promise<string>;
  /**
   * Construction reversed: no new requests, no new attempts, running ones waited for and then cut
   * short, views and log closed. Rejects when something did not end in order.
   */
  stop(): Promise<void>;
}

/** Runs every step, also after one that failed; what failed is told at the end. */
const inTurn = async (steps: readonly (() => Promise<unknown> | undefined)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the stop was not in order');
};

/** The composition root: the only place that knows every part. */
export const createApp = async (deps: AppDeps): Promise<App> => {
  const { config, keys, log, onFatal, clock = systemClock } = deps;
  const { dataDir, store: url, shutdownGraceMs } = config;
  let ready = false;

  const store = await openStore(url, { dataDir, log });
  const views = await openViews({ url, dataDir, store, log, clock, onFatal });
  const actors = createActors({ store });
  const registrar = createRegistrar({ actors, store, clock });
  const sealing = createKeyRing(keys.encryptionKeys);
  const target = createRemoteTarget({ allowPrivate: config.allowPrivateTargets }, onFatal);
  const engine = createEngine({
    store,
    actors,
    views,
    target,
    sealing,
    clock,
    log,
    random: Math.random,
    ownerId: newId(),
    onFatal,
  });
  const verifyToken = acceptApiKeys(
    createTokenVerifier({ ...config.tokens, secrets: keys.tokenSecrets, jwks: keys.jwks }, clock),
    { registry: engine.registry, clock },
  );
  const http = await createHttp({
    config,
    verifyToken,
    engine,
    actors,
    registrar,
    views,
    store,
    sealing,
    clock,
    ready: () => ready,
    log,
  });

  return {
    start: async () => {
      await engine.start();
      await http.listen({ host: config.host, port: config.port });
      ready = true;
      const { address, port, family } = http.server.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    },
    stop: () => {
      ready = false;
      return inTurn([
        () => http.close(),
        () => engine.stop(shutdownGraceMs),
        () => target.close(),
        () => actors.idle(),
        () => views.close(),
        () => store.close(),
      ]);
    },
  };
};
