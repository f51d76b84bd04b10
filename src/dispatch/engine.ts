import { TriplineError } from '../domain/errors.ts';
import { triggerKinds } from '../triggers/index.ts';
import { createEngineCore, type EngineCore } from './engine-core.ts';
import { defaultLimits, type Engine, type EngineDeps } from './engine-deps.ts';
import { createRegistryIndex } from './registry-index.ts';
import { createWaitingRoom } from './waiting-room.ts';

export const createEngine = (deps: EngineDeps): Engine => {
  const limits = { ...defaultLimits, ...deps.limits };
  const registry = createRegistryIndex(triggerKinds);
  const room = createWaitingRoom();
  let core: EngineCore | undefined;
  let ready = false;

  const stopping = () => new TriplineError('shutting-down', 'the server is stopping');

  return {
    registry,
    backlog: {
      reserve: (triggerId) => (ready ? core?.backlog.reserve(triggerId) : undefined),
      sizeOf: (triggerId) => core?.backlog.sizeOf(triggerId) ?? 0,
    },
    get position() {
      return room.position;
    },
    get ready() {
      return ready;
    },
    async start() {
      const snapshot = await deps.views.loadSnapshot();
      core = createEngineCore({ ...deps, registry, snapshot, passed: room.passed }, limits);
      await core.start();
      ready = true;
    },
    scheduleOf: (triggerId) => core?.hot.schedules.get(triggerId),
    reached: (position) => room.reached(position),
    async stop(graceMs) {
      ready = false;
      await core?.stop(graceMs);
      room.close(stopping());
    },
    stats: () => core?.stats() ?? {},
  };
};
