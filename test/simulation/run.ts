import { createActors } from '../../src/actors/actors.ts';
import { createRegistrar } from '../../src/actors/registrar.ts';
import { systemChance } from '../../src/domain/chance.ts';
import type { Logger } from '../../src/domain/logger.ts';
import { createReceiver } from '../../src/http/ingress/receiver.ts';
import { createIngressCounters } from '../../src/intake/counters.ts';
import { createRefusedDeliveries } from '../../src/intake/refused-deliveries.ts';
import { createOperations } from '../../src/operations/operations.ts';
import { createEngine } from '../../src/running/engine.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';
import { signatureSchemes } from '../../src/signatures/index.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import type { Call } from '../../src/targets/target.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { createColdViews } from './cold-views.ts';
import { createFates } from './fates.ts';
import { createNodeStore } from './node-store.ts';
import type { SavedViews } from './saved-views.ts';
import { createSimulatedTarget } from './target.ts';
import { createNodeClock } from './time.ts';
import type { World } from './world.ts';

export const encryptionKeys = [{ version: 1, key: Buffer.alloc(32, 7) }];
/** Opens what the processes seal. */
export const keyRing = createKeyRing(encryptionKeys, systemChance);

export interface RunDeps {
  readonly world: World;
  readonly owner: string;
  readonly skewMs: number;
  readonly saved: SavedViews;
  readonly onSaved: () => void;
  readonly onCall: (call: Call, ownerId: string) => void;
  readonly onError: (message: string, fields: object) => void;
  readonly onFatal: (error: unknown) => void;
}

/** One run of a process, from its start to its end: every real part, over ports in the driver's hands. */
export const createRun = (deps: RunDeps) => {
  const { world, owner, saved } = deps;
  const { lot, options, disk, trace, conditions } = world;
  const chance = world.dice.fork(owner);
  const clock = createNodeClock(world.time, lot, owner, deps.skewMs);
  const fates = createFates(world);
  const records = createNodeStore({
    disk: disk.store,
    lot,
    owner,
    fates,
    note: trace.line,
    exclusive: options.nodes === 1,
  });
  const store = { ...readsFacts(records), exclusive: records.exclusive };
  const ignore = (): void => {};
  const log: Logger = {
    debug: ignore,
    info: ignore,
    warn: (_, message) => trace.line(`  ${owner} warns: ${message}`),
    error: (fields, message) => {
      trace.line(`  ${owner} errs: ${message}`);
      deps.onError(message, fields);
    },
  };
  const ownerId = chance.newId();
  const target = createSimulatedTarget({
    world,
    owner,
    clock,
    onCall: (call) => deps.onCall(call, ownerId),
  });
  const cold = createColdViews(world, owner);
  const views = {
    ...cold,
    loadSnapshot: () => lot.until({ owner, label: `${owner} loads its views` }, () => saved.load()),
    saveSnapshot: (capture: Parameters<SavedViews['save']>[0]) =>
      lot.until({ owner, label: `${owner} saves its views at ${capture.position}` }, () => {
        if (conditions.diskFull) throw new Error('simulated: the disk is full');
        saved.save(capture);
        deps.onSaved();
      }),
  };
  const actors = createActors({ store, chance, cacheSize: options.cacheSize });
  const sealing = createKeyRing(encryptionKeys, chance);
  const engine = createEngine({
    store,
    actors,
    views,
    target: target.target,
    kinds: triggerKinds,
    sealing,
    clock,
    log,
    chance,
    ownerId,
    limits: options.limits,
    onFatal: deps.onFatal,
  });
  const registrar = createRegistrar({ actors, store, clock });
  const config = { bodyLimit: 1_048_576, trustProxy: [], keepAliveMs: 5_000 };
  const counters = createIngressCounters();
  const operations = createOperations({
    ...{ engine, actors, registrar, store, sealing, clock, chance, log },
    views: cold,
    kinds: triggerKinds,
    schemes: signatureSchemes,
  });
  const { exists } = operations.workspaces;
  const refused = createRefusedDeliveries({ actors, clock, chance, log, exists });
  return {
    owner,
    clock,
    store,
    chance,
    actors,
    sealing,
    engine,
    target,
    views: cold,
    registrar,
    operations,
    refused,
    receive: createReceiver({
      ...{ engine, actors, store, sealing, clock, chance, log, config, counters, refused },
      schemes: signatureSchemes,
    }),
  };
};

export type Run = ReturnType<typeof createRun>;
