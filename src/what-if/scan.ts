import type { TriggerEntry } from '../../projections/registry.ts';
import { invocationIdOf, replayedIdOf } from '../domain/ids.ts';
import { asPosition } from '../domain/position.ts';
import { readArrivalAt } from '../log/read-arrival.ts';
import { hasFilter } from '../routing/trigger-filter.ts';
import type { EventStore } from '../store/event-store.ts';
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

/** Where filters find what they are asked about. */
export type ScannedLog = Pick<EventStore, 'readAll' | 'readPayloads'>;

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
  log: () => Promise<ScannedLog>,
): Scan => {
  const { executionType } = trigger;
  const { reaches, fires } = suppose(trigger, kinds);
  const isFiltered = hasFilter(trigger);

  /** Bodies are read only for a filter. */
  const firesFor = async ({ position }: ScannedArrival): Promise<boolean> => {
    const { arrival, body } = await readArrivalAt(await log(), asPosition(position));
    return fires({ ...arrival.data, bodyOf: () => body });
  };

  const sentFor = (arrivals: ArrivalPortion['arrivals']) => {
    // The kind of a trigger never changes, so nothing that came in otherwise was ever for it.
    const alike = isNew ? [] : arrivals.filter(({ sourceKind }) => sourceKind === executionType);
    return alike.map((arrival) => ({
      arrivalId: arrival.arrivalId,
      invocationId: invokedAs(trigger, arrival),
    }));
  };

  const judged = async ({ arrivals }: ArrivalPortion): Promise<readonly Judged[]> => {
    const wanted = sentFor(arrivals);
    const invocations = new Map(wanted.map((each) => [each.arrivalId, each.invocationId]));
    const sent = await source.sent(wanted);
    const all: Judged[] = [];
    for (const arrival of arrivals) {
      const reached = reaches({ kind: arrival.sourceKind, key: arrival.sourceKey });
      all.push({
        arrival,
        fires: reached && isFiltered ? await firesFor(arrival) : reached,
        sent: sent.get(invocations.get(arrival.arrivalId) ?? ''),
      });
    }
    return all;
  };

  return {
    async next(limit) {
      const portion = await source.next();
      return portion && sumUp(portion.position, await judged(portion), limit);
    },
  };
};
