import { createActors } from '../../../src/actors/actors.ts';
import { replayAddress, triggerAddress } from '../../../src/actors/addresses.ts';
import { systemChance } from '../../../src/domain/chance.ts';
import { isoOf } from '../../../src/domain/clock.ts';
import { type FactType, isFact, type Recorded } from '../../../src/domain/events.ts';
import { silentLogger } from '../../../src/domain/logger.ts';
import { asPosition } from '../../../src/domain/position.ts';
import type { StoredEvent } from '../../../src/domain/recorded.ts';
import type { ReplayCommand } from '../../../src/domain/replay/decider.ts';
import type { ReplayOrder } from '../../../src/domain/replay/order.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { readsFacts } from '../../../src/store/fact-store.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { openViews } from '../../../src/views/open-views.ts';
import { replayOrder } from '../../domain/examples.ts';
import { createWorld, type WorldOptions, workspace } from '../world.ts';

/** A world whose replays have views to look into, all in memory. */
export const createReplayWorld = async (options: Omit<WorldOptions, 'store' | 'views'> = {}) => {
  const store: EventStore = readsFacts(createMemoryStore());
  const views = await openViews({ ...{ url: 'memory:', dataDir: '' }, store, log: silentLogger });
  const world = createWorld({ ...options, store, views });
  // Others write to these streams too.
  const actors = createActors({ store: { ...store, exclusive: false }, chance: systemChance });
  await world.engine.start();

  const onReplay = (replayId: string, command: ReplayCommand): Promise<unknown> =>
    actors.ask(replayAddress(replayId), command, {
      ...{ workspace, actor: 'user:test', occurredAt: isoOf(world.clock.now()) },
      $correlationId: `of ${replayId}`,
    });

  /** The views follow by themselves: rest is when they and the engine have nothing left to do. */
  const rest = async (): Promise<void> => {
    let seen = '';
    for (;;) {
      await world.quiet();
      const { position = '' } = (await world.log()).at(-1) ?? {};
      if (position !== '') await views.reached(asPosition(position));
      await world.quiet();
      const now = `${(await world.log()).length}`;
      if (now === seen) return;
      seen = now;
    }
  };

  return {
    ...world,
    rest,
    onReplay,
    /** All that has arrived so far is its range. */
    async order(over: Partial<ReplayOrder> = {}, replayId = 'replay-1'): Promise<void> {
      const upTo = (await world.log()).at(-1)?.position ?? '';
      const order = { ...replayOrder, after: '', upTo, ...over };
      await onReplay(replayId, { type: 'RequestReplay', replayId, order });
    },
    /** A trigger that is given first what had arrived behind that place. */
    async late(functionId: string, after = '', triggerId = 'late'): Promise<string> {
      const definition = { triggerId, name: triggerId, description: null, functionId };
      const kind = { executionType: 'message', triggerMetadata: { topic: '**' }, isSystem: false };
      const startFrom = { after, replayId: `past of ${triggerId}` };
      const command = { type: 'RegisterTrigger', ...definition, ...kind, startFrom } as const;
      await actors.ask(triggerAddress(triggerId), command, {
        ...{ workspace, actor: 'user:ann', occurredAt: isoOf(world.clock.now()) },
        $correlationId: 'late',
      });
      return triggerId;
    },
    async facts<Type extends FactType>(type: Type): Promise<readonly Recorded<Type>['data'][]> {
      const found: Recorded<Type>['data'][] = [];
      for (const fact of await world.log()) {
        const stored: StoredEvent = fact;
        if (isFact(stored, type)) found.push(stored.data);
      }
      return found;
    },
    async close(): Promise<void> {
      await world.engine.stop(0);
      await views.close();
    },
  };
};

export type ReplayWorld = Awaited<ReturnType<typeof createReplayWorld>>;
