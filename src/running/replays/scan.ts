import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import { type TriggerEntry, triggerKey } from '../../../projections/registry.ts';
import type { ReplayOrder } from '../../domain/replay/order.ts';
import { readArrival } from '../../log/read-arrival.ts';
import { createPastRegistry } from '../../routing/registry-as-of.ts';
import type { RegistryIndex } from '../../routing/registry-index.ts';
import { seenByFilters } from '../../routing/seen-by-filters.ts';
import { hasFilter, wants } from '../../routing/trigger-filter.ts';
import type { TriggerKinds } from '../../triggers/index.ts';
import { everyDocument } from '../../views/every-document.ts';
import type { Views } from '../../views/views.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { createObstacles, type ObstaclesDeps, type ObstacleTo } from './obstacles.ts';
import { type Case, type Verdict, verdictsOn } from './verdict.ts';

export interface ScanDeps extends ObstaclesDeps {
  readonly views: Pick<Views, 'get' | 'find'>;
  readonly registry: RegistryIndex;
  readonly kinds: TriggerKinds;
}

/** An arrival that the order is about. */
export interface Judged {
  readonly arrival: ArrivalDocument;
  readonly verdicts: readonly Verdict[];
  readonly invocations: readonly InvocationDocument[];
}

export interface ScanPage {
  readonly judged: readonly Judged[];
  /** The order is not about anything else up to there. */
  readonly upTo: string;
}

/** What an order asks for, page by page, by what the views show at that time. */
export const scanOf = (deps: ScanDeps, workspace: string, order: ReplayOrder) => {
  const { views, registry, kinds } = deps;
  const next = candidatesOf(views, workspace, order);

  const invokedFor = async (candidates: readonly Candidate[]) => {
    const found = new Map(
      candidates.map(({ arrival }) => [arrival.arrivalId, [] as InvocationDocument[]]),
    );
    if (found.size === 0) return found;
    const where = { arrivalId: [...found.keys()] };
    for await (const each of everyDocument(views, 'invocations', { where }))
      found.get(each.arrivalId)?.push(each);
    return found;
  };

  const triggerAsOf = async (
    triggerId: string,
    position: string,
  ): Promise<TriggerEntry | undefined> => {
    const past = createPastRegistry(kinds);
    const where = { workspace, entity: triggerKey(triggerId) };
    for await (const change of everyDocument(views, 'registry-changes', { where }))
      if (change.position <= position) past.tell(change);
    return past.index.triggerById(triggerId);
  };

  /** How it was matters only where it is delivered as then. */
  const withheldFrom = async ({ arrival }: Candidate): Promise<Case['withheld']> => {
    const found: Case['withheld'][number][] = [];
    for (const { triggerId } of arrival.withheld) {
      const isThen = order.versions === 'as-then';
      const was = isThen ? await triggerAsOf(triggerId, arrival.position) : undefined;
      found.push({ triggerId, was });
    }
    return found;
  };

  /** Its bytes are read only where a filter asks for them. */
  const wantsOf = async ({ arrival, died }: Candidate): Promise<Case['wantedBy']> => {
    const { workspace, sourceKind: kind, sourceKey: key, arrivalId } = arrival;
    const isAsked = died === undefined && order.versions === 'as-now';
    if (!isAsked || !registry.byKey(workspace, kind, key).some(hasFilter)) return () => true;
    const { arrival: fact, body } = await readArrival(deps.store, arrivalId);
    const asked = { ...fact.data, bodyOf: () => body };
    const seen = seenByFilters(asked, () => registry.originOf(fact.data.source));
    // Nobody can tell any more; what cannot be sent is told as that.
    return (trigger) => body === undefined || wants(trigger, seen);
  };

  /** What could not be sent is known before it is queued, as far as it can be. */
  const weighed = async (
    { arrival }: Candidate,
    verdict: Verdict,
    obstacleTo: ObstacleTo,
  ): Promise<Verdict> => {
    if ('skip' in verdict) return verdict;
    const skip = await obstacleTo(arrival, verdict);
    return skip === undefined ? verdict : { triggerId: verdict.triggerId, skip };
  };

  return async (after: string, limit: number): Promise<ScanPage> => {
    const obstacleTo = createObstacles(deps);
    const { candidates, upTo } = await next(after, limit);
    const invoked = await invokedFor(candidates);
    const judged: Judged[] = [];
    for (const candidate of candidates) {
      const { arrival } = candidate;
      const invocations = invoked.get(arrival.arrivalId) ?? [];
      const withheld = await withheldFrom(candidate);
      const wantedBy = await wantsOf(candidate);
      const known = { ...candidate, invocations, withheld, wantedBy };
      const verdicts = verdictsOn(known, order, registry);
      if (verdicts.length === 0) continue;
      const weighing = verdicts.map((verdict) => weighed(candidate, verdict, obstacleTo));
      judged.push({ arrival, verdicts: await Promise.all(weighing), invocations });
    }
    return { judged, upTo };
  };
};

export type Scan = ReturnType<typeof scanOf>;
