import { createTail } from '../log/tail.ts';
import { createCreations } from './creations.ts';
import type { OperationsDeps } from './deps.ts';
import { createDrafts } from './drafts.ts';
import { createFunctions } from './functions.ts';
import { createInvocationWaits } from './invocation-waits.ts';
import { createInvocations } from './invocations.ts';
import { createInvocationsThen } from './invocations-then.ts';
import { createEndings } from './live/endings.ts';
import { createLive } from './live/live.ts';
import { createPayloads } from './payloads.ts';
import { createReplays } from './replays.ts';
import { createStories } from './story.ts';
import { createTimeTravel } from './time-travel.ts';
import { createTriggers } from './triggers.ts';
import { createWhatIf } from './what-if.ts';
import { createWorkspaces } from './workspaces.ts';

/** What may be asked for, whoever asks: one of these for all edges, since some of it takes turns. */
export const createOperations = (deps: OperationsDeps) => {
  const creations = createCreations(deps);
  const parts = { ...deps, creations };
  const { store, clock, chance, log } = deps;
  const tail = createTail({ store, clock, random: chance.random, log });
  const invocations = createInvocations(deps);
  const live = createLive({ ...deps, tail });
  const endings = createEndings({ ...deps, tail });
  const whatIf = createWhatIf(deps);
  return {
    creations,
    workspaces: createWorkspaces(parts),
    functions: createFunctions(deps),
    invocations,
    invocationsThen: createInvocationsThen(deps),
    waitsOf: createInvocationWaits({ ...deps, invocations }),
    storyOf: createStories(deps),
    payloads: createPayloads(deps),
    replays: createReplays(deps),
    triggers: createTriggers(parts),
    drafts: createDrafts(parts),
    timeTravel: createTimeTravel(deps),
    whatIf,
    live,
    endings,
    /** Ends what would not end by itself, or not soon: following live, waiting for an end, what-if. */
    stopWaiting: async (): Promise<void> => {
      live.stop();
      endings.stop();
      await Promise.all([tail.stop(), whatIf.stop()]);
    },
  };
};

export type Operations = ReturnType<typeof createOperations>;
