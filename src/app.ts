import { createActors } from './actors/actors.ts';
import { createRegistrar } from './actors/registrar.ts';
import type { Config } from './config.ts';
import { type Chance, systemChance } from './domain/chance.ts';
import { type Clock, systemClock } from './domain/clock.ts';
import type { Logger } from './domain/logger.ts';
import { acceptApiKeys } from './http/api-keys.ts';
import { createConnections } from './http/connections.ts';
import { checkPlace, listen } from './http/listen.ts';
import { createHttp } from './http/server.ts';
import { createTokenVerifier } from './http/tokens.ts';
import type { Keys } from './keys.ts';
import { handingOnPayloads } from './log/payloads-at-hand.ts';
import { introduceKeys, refuseMissingKeys, refuseOtherKeys } from './operations/encryption-keys.ts';
import { createOperations } from './operations/operations.ts';
import { createEngine } from './running/engine.ts';
import { within } from './running/within.ts';
import { createKeyRing } from './sealing/key-ring.ts';
import { createSignatureSchemes } from './signatures/index.ts';
import { openStore } from './store/index.ts';
import { watchStore } from './store/store-health.ts';
import { createTargetTypes } from './targets/index.ts';
import { openTargets } from './targets/open-targets.ts';
import { createTriggerKinds } from './triggers/index.ts';
import { openViews } from './views/open-views.ts';

export interface AppDeps {
  readonly config: Config;
  readonly keys: Keys;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly chance?: Chance;
  /** The log can no longer be trusted with new facts: the process must end and start again. */
  readonly onFatal: (error: unknown) => void;
}

export interface App {
  /**
   * Serves requests once everything recorded has been taken in; answers where. Undefined when it
   * was told to stop before it came to that.
   */
  start(): Promise<string | undefined>;
  /**
   * Construction reversed: no new requests and at the same time no new attempts, running ones
   * waited for and then cut short, answers sent, views and log closed. No peer can hold it up.
   * Rejects when something did not end in order.
   */
  stop(): Promise<void>;
}

/** When nothing runs any more, answers under way have this long to be read. */
const answersMs = 1_000;

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
  const { config, keys, log, onFatal, clock = systemClock, chance = systemChance } = deps;
  const { dataDir, store: url, esdbPrefix: prefix, payloadsBeside, shutdownGraceMs } = config;
  let ready = false;
  let stopping = false;

  const opened = await openStore(url, { dataDir, prefix, payloadsBeside, log });
  const health = watchStore(opened, { clock, log });
  const { store, atHand } = handingOnPayloads(health.store);
  const views = await openViews({ url, dataDir, prefix, store, log, clock, onFatal });
  const actors = createActors({ store, chance });
  const registrar = createRegistrar({ actors, store, clock });
  const sealing = createKeyRing(keys.encryptionKeys, chance);
  const kinds = createTriggerKinds().known;
  const schemes = createSignatureSchemes().known;
  const target = openTargets(createTargetTypes().known, {
    allowPrivate: config.allowPrivateTargets,
    onFailed: onFatal,
  });
  const engine = createEngine({
    store,
    atHand,
    actors,
    views,
    target,
    kinds,
    sealing,
    clock,
    log,
    chance,
    ownerId: chance.newId(),
    payloadDays: config.payloadDays,
    answersBeside: payloadsBeside,
    mayBegin: (registry) => refuseMissingKeys(registry, sealing),
    onFatal,
  });
  const keyCheck = { actors, sealing, clock, newId: chance.newId };
  const verifyToken = acceptApiKeys(
    createTokenVerifier({ ...config.tokens, secrets: keys.tokenSecrets, jwks: keys.jwks }, clock),
    { registry: engine.registry, clock },
  );
  const connections = createConnections();
  const parts = { engine, actors, views, store, sealing, kinds, schemes, clock, chance, log };
  const operations = createOperations({ ...parts, registrar });
  const http = await createHttp({
    ...parts,
    config,
    connections,
    verifyToken,
    operations,
    ready: () => ready && health.sound,
  });

  return {
    start: async () => {
      await checkPlace(config);
      await refuseOtherKeys(keyCheck);
      await engine.start();
      if (stopping) return;
      await introduceKeys(keyCheck);
      const url = await listen(http, config);
      ready = true;
      return url;
    },
    stop: () => {
      stopping = true;
      ready = false;
      const closed = http.close().then(() => connections.gone());
      return inTurn([
        () => engine.rest(shutdownGraceMs),
        async () => {
          if (!(await within(clock, answersMs, closed))) connections.cutOff();
          await closed;
        },
        () => engine.stop(0),
        () => target.close(),
        () => actors.idle(),
        () => views.close(),
        () => store.close(),
      ]);
    },
  };
};
