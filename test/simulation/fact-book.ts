import type { ArrivalDocument } from '../../projections/arrivals.ts';
import type { InvocationDocument } from '../../projections/invocations.ts';
import type { QueueEntry } from '../../projections/queue.ts';
import type { TriggerEntry } from '../../projections/registry.ts';
import type { ReplayDocument } from '../../projections/replays.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createHotViews, type HotViews } from '../../src/views/hot-views.ts';
import { createColdFold } from './cold-fold.ts';
import type { Dice } from './dice.ts';

/** What the log says by now, folded by whoever watches and not by any process. */
export interface FactBook {
  readonly views: HotViews;
  take(fact: StoredEvent): void;
  anInvocation(
    dice: Dice,
    workspace: string,
    which: 'open' | 'ended',
  ): InvocationDocument | undefined;
  /** All that was called because of it. */
  invocationsOf(arrivalId: string): readonly InvocationDocument[];
  arrivalsOf(workspace: string): readonly ArrivalDocument[];
  replays(): readonly ReplayDocument[];
  triggers(): readonly TriggerEntry[];
  /** Whether an invocation is in that state. */
  has(status: QueueEntry['status']): boolean;
  /** Up to where each active schedule by interval is accounted for. */
  intervals(): ReadonlyMap<string, string>;
}

export const createFactBook = (): FactBook => {
  const views = createHotViews({ log: silentLogger });
  const cold = createColdFold();
  const invocations = () => [...cold.all('invocations').values()];

  return {
    views,
    take(fact) {
      cold.take(fact);
      views.apply([fact]);
    },
    anInvocation(dice, workspace, which) {
      const mine = invocations().filter(
        ({ workspace: slug, finishedAt }) =>
          slug === workspace && (finishedAt === null) === (which === 'open'),
      );
      return mine.length === 0 ? undefined : dice.pick(mine);
    },
    invocationsOf: (arrivalId) =>
      invocations().filter((document) => document.arrivalId === arrivalId),
    arrivalsOf: (workspace) =>
      [...cold.all('arrivals').values()].filter((arrival) => arrival.workspace === workspace),
    replays: () => [...cold.all('replays').values()],
    triggers: () =>
      [...views.registry.values()].flatMap((entry) => (entry.entity === 'trigger' ? entry : [])),
    has: (wanted) => [...views.queue.values()].some(({ status }) => status === wanted),
    intervals: () =>
      new Map(
        [...views.schedules].flatMap(([triggerId, { stretches }]) => {
          const present = stretches.at(-1);
          const ticks = present?.status === 'active' && present.timing.interval !== undefined;
          return ticks ? [[triggerId, `${present.anchor}/${present.lastInstant}`]] : [];
        }),
      ),
  };
};
