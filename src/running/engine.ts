import { TriplineError } from '../domain/errors.ts';
import { createWaitingRoom } from '../log/waiting-room.ts';
import { createRegistryIndex } from '../routing/registry-index.ts';
import { createEngineCore, type EngineCore } from './engine-core.ts';
import { defaultLimits, type Engine, type EngineDeps } from './engine-deps.ts';

export const createEngine = (deps: EngineDeps): Engine => {
  const limits = { ...defaultLimits, ...deps.limits };
  const registry = createRegistryIndex(deps.kinds);
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
    decide: (...parts) => (ready ? core?.decide(...parts) : undefined),
    untilKnown: async (unknown) => core?.untilKnown(unknown),
    invocations: {
      ask: (...parts) => core?.asking.ask(...parts) ?? Promise.reject(stopping()),
      settled: (id) => core?.asking.settled(id) ?? Promise.reject(stopping()),
      recorded: () => core?.asking.recorded() ?? Promise.reject(stopping()),
    },
    get position() {
      return room.position;
    },
    get ready() {
      return ready;
    },
    async start() {
      const snapshot = await deps.views.loadSnapshot();
      const { passed, reached } = room;
      core = createEngineCore({ ...deps, registry, snapshot, passed, reached }, limits);
      await core.start();
      ready = true;
    },
    scheduleOf: (triggerId) => core?.hot.schedules.get(triggerId),
    replayOf: (replayId) => core?.hot.openReplays.get(replayId),
    open: () => core?.hot.queue.values() ?? [],
    reached: (position) => room.reached(position),
    rest: async (graceMs) => core?.rest(graceMs),
    async stop(graceMs) {
      ready = false;
      await core?.rest(graceMs);
      await core?.stop();
      room.close(stopping());
    },
    stats: () => core?.stats() ?? {},
  };
};
