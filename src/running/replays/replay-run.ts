import type { OpenReplay } from '../../../projections/open-replays.ts';
import { replayAddress } from '../../actors/addresses.ts';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import type { ReplayCommand } from '../../domain/replay/decider.ts';
import type { CommandSender } from '../command-sender.ts';
import { countOf } from './count.ts';
import { createReplayPages, type ReplayPageDeps } from './replay-page.ts';
import type { Scan } from './scan.ts';
import { createSignal } from './signal.ts';

type PageDeps = Omit<ReplayPageDeps, 'queued' | 'isRunning' | 'isStopping' | 'signal'>;

export interface ReplayRunDeps extends PageDeps {
  /** As it is on record; undefined once it has ended. */
  readonly replay: () => OpenReplay | undefined;
  /** False where the trigger that it is for is there no more. */
  readonly isWanted: () => boolean;
  readonly sender: CommandSender;
}

export interface ReplayRun {
  /** Resolves when the replay has ended, or the run was stopped. */
  readonly over: Promise<void>;
  /** Something about it has changed, or one of its invocations has ended. */
  wake(): void;
  /** Somebody else has begun or ended an invocation of that part. */
  touch(part: string): void;
  stop(): void;
}

const stopping = () => new TriplineError('shutting-down', 'the server is stopping');

const reasonOf = (why: unknown): string =>
  why instanceof Error ? why.message : 'it could not go on';

/**
 * Takes one replay from where the log says it is to its end. Nothing but the log is remembered: after a
 * crash, a pause or a doubt it begins again with the page it was at, and passes over what it has queued.
 */
export const createReplayRun = (deps: ReplayRunDeps, scan: Scan, first: OpenReplay): ReplayRun => {
  const { replay, openParts, sender } = deps;
  const { replayId, workspace, order } = first;
  const signal = createSignal(deps.clock);
  let stopped = false;

  const isStopping = (): boolean => stopped || sender.stopped;
  const isOn = (status: OpenReplay['status']): boolean =>
    !isStopping() && deps.isWanted() && replay()?.status === status;
  const pages = createReplayPages(
    {
      ...deps,
      ...{ signal, isStopping },
      queued: () => replay()?.queued ?? [],
      isRunning: () => isOn('running'),
    },
    scan,
    first,
  );

  const tell = async (command: ReplayCommand): Promise<void> => {
    const { correlationId, requestedBy: causationId } = first;
    const answer = await sender.send(replayAddress(replayId), command, 'system:replays', {
      ...{ workspace, correlationId, causationId },
    });
    if (answer === undefined) throw stopping();
    if (answer.position !== undefined) await deps.reached(answer.position);
  };

  const count = async (): Promise<void> => {
    await deps.upToDate();
    const counted = await countOf(scan, order, () => isOn('counting'));
    if (counted !== undefined) await tell({ type: 'FinishCount', ...counted });
  };

  const goOn = async (position: string): Promise<void> => {
    const dealt = await pages.next(position);
    if (dealt === undefined) return;
    const { upTo, skipped, listed } = dealt;
    await tell({ type: 'AdvanceReplay', upTo, skipped, listed });
  };

  const run = async ({ position }: OpenReplay): Promise<void> => {
    if (position < order.upTo) await goOn(position);
    else if (openParts.countOf(replayId) === 0) await tell({ type: 'CompleteReplay' });
    else await signal.wait();
  };

  const step = (current: OpenReplay): Promise<void> => {
    if (!deps.isWanted()) return tell({ type: 'CancelReplay', reason: 'trigger deleted' });
    switch (current.status) {
      case 'owed':
        return signal.wait();
      case 'requested':
        return tell({ type: 'BeginCount' });
      case 'counting':
        return count();
      case 'running':
        return run(current);
      case 'paused':
        pages.forgetAhead();
        return signal.wait();
    }
  };

  /** Patient while the store or the views are away; what is wrong otherwise ends the replay. */
  const take = async (current: OpenReplay): Promise<void> => {
    let why: unknown;
    const done = await sender.keepTrying(`replay ${replayId}`, async () => {
      try {
        await step(current);
        return true;
      } catch (error) {
        why = error;
        throw error;
      }
    });
    if (done || isStopping() || isTriplineError(why, 'shutting-down')) return;
    await tell({ type: 'FailReplay', reason: reasonOf(why) });
  };

  const goThrough = async (): Promise<void> => {
    for (let current = replay(); current !== undefined && !isStopping(); current = replay())
      await take(current);
  };

  return {
    over: goThrough(),
    wake: signal.give,
    touch: pages.touch,
    stop() {
      stopped = true;
      signal.give();
    },
  };
};
