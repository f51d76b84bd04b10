import type { TriggerEntry } from '../../projections/registry.ts';
import { invocationIdOf, replayedIdOf } from '../domain/ids.ts';
import type { TriggerKinds } from '../triggers/index.ts';
import type { ArrivalPortion, ArrivalSource, ScannedArrival } from '../views/arrival-source.ts';
import { type Judged, type JudgedPortion, sumUp } from './judge.ts';
import { suppose } from './suppose.ts';

/** A trigger as it would be. */
export interface Supposed {
  readonly trigger: TriggerEntry;
  /** Nobody has created it: nothing was ever sent because of it. */
  readonly isNew: boolean;
}

/** Portion by portion; of each at most `limit` arrivals of a sort are told one by one. */
export interface Scan {
  /** Undefined at the end. */
  next(limit: number): Promise<JudgedPortion | undefined>;
}

/** What came before a trigger was there was given to it by the replay that it started with. */
const invokedAs = (
  { triggerId, startFrom }: TriggerEntry,
  { arrivalId, position }: ScannedArrival,
): string =>
  startFrom !== undefined && position > startFrom.after && position <= startFrom.upTo
    ? replayedIdOf(startFrom.replayId, arrivalId, triggerId)
    : invocationIdOf(arrivalId, triggerId);

/** Judges all arrivals of a source, in the thread that asks. */
export const createScan = (
  source: ArrivalSource,
  { trigger, isNew }: Supposed,
  kinds: TriggerKinds,
): Scan => {
  const { executionType } = trigger;
  const fires = suppose(trigger, kinds);

  const judged = async ({ arrivals }: ArrivalPortion): Promise<readonly Judged[]> => {
    // The kind of a trigger never changes, so nothing that came in otherwise was ever for it.
    const alike = isNew ? [] : arrivals.filter(({ sourceKind }) => sourceKind === executionType);
    const invocations = new Map(
      alike.map((arrival) => [arrival.arrivalId, invokedAs(trigger, arrival)]),
    );
    const wanted = [...invocations].map(([arrivalId, invocationId]) => ({
      arrivalId,
      invocationId,
    }));
    const sent = await source.sent(wanted);
    return arrivals.map((arrival) => ({
      arrival,
      fires: fires({ kind: arrival.sourceKind, key: arrival.sourceKey }),
      sent: sent.get(invocations.get(arrival.arrivalId) ?? ''),
    }));
  };

  return {
    async next(limit) {
      const portion = await source.next();
      return portion && sumUp(portion.position, await judged(portion), limit);
    },
  };
};
