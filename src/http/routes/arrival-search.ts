import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import { cursorOf } from '../../views/find-statement.ts';
import type { FindQuery } from '../../views/views.ts';
import { isWanted, type Outcome, type OutcomeName, outcomesOf } from './arrival-outcomes.ts';
import type { RouteDeps } from './route.ts';

export interface FoundArrival {
  readonly document: ArrivalDocument;
  readonly outcomes: readonly Outcome[];
}

export interface FoundArrivals {
  readonly found: readonly FoundArrival[];
  readonly next: string | null;
}

export interface Wanted {
  readonly trigger?: string | undefined;
  readonly outcome?: OutcomeName | undefined;
}

/** What one request may look at; beyond it the page is short, and the next one goes on. */
const mostLookedAt = 2_000;
const portion = 500;

type Deps = Pick<RouteDeps, 'views'>;

const withOutcomes = async (
  deps: Deps,
  documents: readonly ArrivalDocument[],
): Promise<FoundArrival[]> => {
  const outcomes = await outcomesOf(deps, documents);
  return documents.map((document) => ({
    document,
    outcomes: outcomes.get(document.arrivalId) ?? [],
  }));
};

const cursorBehind = (found: FoundArrival | undefined): string =>
  cursorOf(found?.document.position ?? '');

/**
 * What became of an arrival is not written into it, so those that are asked for by that are looked
 * for in portions, in the order of the list.
 */
const looked = async (deps: Deps, query: FindQuery, wanted: Wanted): Promise<FoundArrivals> => {
  const { limit } = query;
  const found: FoundArrival[] = [];
  let { after } = query;
  for (let lookedAt = 0; lookedAt < mostLookedAt; lookedAt += portion) {
    const page = await deps.views.find('arrivals', { ...query, after, limit: portion });
    const all = await withOutcomes(deps, page.documents);
    found.push(...all.filter(({ outcomes }) => isWanted(outcomes, wanted.trigger, wanted.outcome)));
    if (found.length > limit) {
      const shown = found.slice(0, limit);
      return { found: shown, next: cursorBehind(shown.at(-1)) };
    }
    if (page.next === null) return { found, next: null };
    after = page.next;
  }
  return { found, next: after ?? null };
};

/** A page of what arrived, with what became of it. */
export const searchArrivals = async (
  deps: Deps,
  query: FindQuery,
  wanted: Wanted,
): Promise<FoundArrivals> => {
  if (wanted.trigger !== undefined || wanted.outcome !== undefined)
    return await looked(deps, query, wanted);
  const { documents, next } = await deps.views.find('arrivals', query);
  return { found: await withOutcomes(deps, documents), next };
};
