import { functionKey, triggerKey } from '../../projections/registry.ts';
import { replayAddress } from '../actors/addresses.ts';
import type { Envelope } from '../domain/events.ts';
import { invalidField } from '../domain/invalid.ts';
import type { ReplayCommand } from '../domain/replay/decider.ts';
import type { ReplayOrder } from '../domain/replay/order.ts';
import { type Counted, countOf } from '../running/replays/count.ts';
import { scanOf } from '../running/replays/scan.ts';
import type { Verdict } from '../running/replays/verdict.ts';
import type { OperationsDeps } from './deps.ts';
import { createHistoryPlaces, listOf } from './history-places.ts';
import { createTimeTravel, type Moment } from './time-travel.ts';
import { seenSoFar, visible } from './visible.ts';

/** What is to be delivered again, with the ends of the range as people name them; both included. */
export interface ReplayWish extends Omit<ReplayOrder, 'after' | 'upTo'> {
  readonly from: Moment | undefined;
  readonly to: Moment | undefined;
}

/** What would be done about a trigger's part in an arrival. */
export interface Sampled {
  readonly arrivalId: string;
  readonly verdict: Verdict;
}

export interface Preview extends Counted {
  readonly sample: readonly Sampled[];
}

const sampleSize = 10;

/** What people ask of replays; carrying them out is the runner's. */
export const createReplays = (deps: OperationsDeps) => {
  const { views, engine } = deps;
  const timeTravel = createTimeTravel(deps);
  const places = createHistoryPlaces(deps);

  const mustHaveBeen = async (
    workspace: string,
    field: string,
    ids: readonly string[],
    keyOf: (id: string) => string,
  ): Promise<void> => {
    for (const id of ids)
      if ((await timeTravel.lifeOf(workspace, keyOf(id))) === undefined)
        throw invalidField(field, `names ${id}, which never was in this workspace`);
  };

  const mustBeKnown = async (
    workspace: string,
    { only, among }: Pick<ReplayOrder, 'only' | 'among'>,
  ): Promise<void> => {
    if ('triggers' in only) await mustHaveBeen(workspace, 'to.triggers', only.triggers, triggerKey);
    if ('function' in only)
      await mustHaveBeen(workspace, 'to.function', [only.function], functionKey);
    const ids = 'arrivals' in among ? (among.arrivals.ids ?? []) : [];
    for (const id of ids)
      if ((await views.get('arrivals', id))?.workspace !== workspace)
        throw invalidField('arrivals.ids', `names ${id}, which never arrived in this workspace`);
  };

  const ask = async (replayId: string, command: ReplayCommand, envelope: Envelope) => {
    const { position } = await deps.actors.ask(replayAddress(replayId), command, envelope);
    await visible(deps, position);
  };

  return {
    /** With the ends of its range fixed: what arrives from now on is no part of it. */
    async orderOf(workspace: string, { from, to, ...wish }: ReplayWish): Promise<ReplayOrder> {
      await seenSoFar(deps);
      await mustBeKnown(workspace, wish);
      const list = listOf(wish);
      const upTo = await places.lastUntil(workspace, list, to);
      const after = await places.placeBefore(workspace, list, from);
      return { ...wish, upTo, after: after === undefined || after > upTo ? upTo : after };
    },
    /** What it would come to, if it were asked for now. Nothing is recorded. */
    async preview(workspace: string, order: ReplayOrder): Promise<Preview> {
      const scan = scanOf({ ...deps, registry: engine.registry }, workspace, order);
      const sample: Sampled[] = [];
      const counted = await countOf(
        scan,
        order,
        () => true,
        ({ judged }) => {
          if (sample.length >= sampleSize) return;
          const found = judged.flatMap(({ arrival: { arrivalId }, verdicts }) =>
            verdicts.map((verdict) => ({ arrivalId, verdict })),
          );
          sample.push(...found.slice(0, sampleSize - sample.length));
        },
      );
      return { ...(counted ?? { arrivals: 0, planned: 0, skipped: {} }), sample };
    },
    request: (replayId: string, order: ReplayOrder, envelope: Envelope): Promise<void> =>
      ask(replayId, { type: 'RequestReplay', replayId, order }, envelope),
    pause: (replayId: string, envelope: Envelope): Promise<void> =>
      ask(replayId, { type: 'PauseReplay' }, envelope),
    resume: (replayId: string, envelope: Envelope): Promise<void> =>
      ask(replayId, { type: 'ResumeReplay' }, envelope),
    cancel: (replayId: string, reason: string, envelope: Envelope): Promise<void> =>
      ask(replayId, { type: 'CancelReplay', reason }, envelope),
  };
};
