import type { OpenReplay } from '../../../projections/open-replays.ts';
import type { QueueEntry } from '../../../projections/queue.ts';
import { replayAddress } from '../../actors/addresses.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Logger } from '../../domain/logger.ts';
import type { Position } from '../../domain/position.ts';
import type { ReplayOrder } from '../../domain/replay/order.ts';
import type { RegistryIndex } from '../../routing/registry-index.ts';
import type { TriggerKinds } from '../../triggers/index.ts';
import type { Documents } from '../../views/hot-views.ts';
import type { Views } from '../../views/views.ts';
import type { ArrivalMemory } from '../arrival-memory.ts';
import type { CommandSender } from '../command-sender.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { createDeliveries } from './deliveries.ts';
import type { ObstaclesDeps } from './obstacles.ts';
import { type OpenParts, partKey } from './open-parts.ts';
import { createReplayRun, type ReplayRun } from './replay-run.ts';
import { scanOf } from './scan.ts';

export interface ReplaysDeps extends ObstaclesDeps {
  readonly open: Documents<OpenReplay>;
  readonly queue: Documents<QueueEntry>;
  /** Up to where the log has all that was known here when it was asked, and what follows from that. */
  readonly recorded: () => Promise<Position>;
  readonly reached: (position: Position) => Promise<void>;
  readonly views: Pick<Views, 'get' | 'find' | 'reached'>;
  readonly registry: RegistryIndex;
  readonly kinds: TriggerKinds;
  readonly arrivals: Pick<ArrivalMemory, 'read'>;
  readonly dispatcher: Pick<Dispatcher, 'queue'>;
  readonly openParts: OpenParts;
  readonly sender: CommandSender;
  readonly clock: Clock;
  readonly pageSize: number;
  readonly log: Logger;
}

/** Carries out the replays that are open, each by itself and beside what is live. */
export interface Replays {
  /** Goes on with what is open; to be told of changes from here on. */
  start(): void;
  changed(replayId: string): void;
  queueChanged(before: QueueEntry | undefined, after: QueueEntry | undefined): void;
  /** Asks for nothing any more; resolves when what was asked for has been answered. */
  stop(): Promise<void>;
  readonly running: number;
}

export const createReplays = (deps: ReplaysDeps): Replays => {
  const { open, queue, views, registry, openParts, sender, log } = deps;
  const runs = new Map<string, ReplayRun>();
  const deliveries = createDeliveries(deps);
  let stopped = false;

  /** Asked for once more after a crash, it is one replay all the same. */
  const request = ({ replayId, order, actor, ...owed }: OpenReplay): void => {
    const { workspace, correlationId, requestedBy: causationId } = owed;
    const command = { type: 'RequestReplay', replayId, order } as const;
    const cause = { workspace, correlationId, causationId };
    void sender.send(replayAddress(replayId), command, actor, cause);
  };

  const isWanted = ({ mode, only }: ReplayOrder): boolean =>
    mode !== 'catch-up' ||
    ('triggers' in only && only.triggers.some((id) => registry.triggerById(id) !== undefined));

  const begin = (first: OpenReplay): void => {
    const { replayId, workspace, order } = first;
    if (first.status === 'owed') {
      request(first);
      return;
    }
    const run = createReplayRun(
      {
        ...deps,
        deliveries,
        replay: () => open.get(replayId),
        isWanted: () => isWanted(order),
        upToDate: async () => views.reached(await deps.recorded()),
      },
      scanOf(deps, workspace, order),
      first,
    );
    runs.set(replayId, run);
    const forget = () => void runs.delete(replayId);
    run.over.then(forget, (error: unknown) => {
      log.error({ err: error, replayId }, 'replay broke off');
      forget();
    });
  };

  const touch = (entry: QueueEntry): void => {
    // This is on the way of every delivery, and there is mostly no replay.
    if (runs.size === 0) return;
    const part = partKey(entry.arrivalId, entry.triggerId);
    for (const [replayId, run] of runs) if (replayId !== entry.replayId) run.touch(part);
  };

  return {
    start() {
      for (const entry of queue.values()) openParts.begin(entry);
      for (const replay of open.values()) begin(replay);
    },
    changed(replayId) {
      const run = runs.get(replayId);
      const replay = open.get(replayId);
      if (run !== undefined) run.wake();
      else if (replay !== undefined && !stopped) begin(replay);
    },
    queueChanged(before, after) {
      if (before === undefined && after !== undefined) {
        openParts.begin(after);
        touch(after);
      } else if (before !== undefined && after === undefined) {
        openParts.end(before);
        touch(before);
        runs.get(before.replayId ?? '')?.wake();
      }
    },
    async stop() {
      stopped = true;
      for (const run of runs.values()) run.stop();
      await Promise.allSettled([...runs.values()].map(({ over }) => over));
    },
    get running() {
      return runs.size;
    },
  };
};
