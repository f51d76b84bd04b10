import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { DeadLetter } from '../../../projections/dead-letters.ts';
import { given } from '../../domain/given.ts';
import type { ReplayOrder } from '../../domain/replay/order.ts';
import { cursorOf } from '../../views/find-statement.ts';
import type { Views } from '../../views/views.ts';

/** An arrival that an order may be about; of what died, the part of one trigger alone. */
export interface Candidate {
  readonly arrival: ArrivalDocument;
  readonly died: Pick<DeadLetter, 'invocationId' | 'triggerId'> | undefined;
}

export interface CandidatePage {
  /** In the order of the log. */
  readonly candidates: readonly Candidate[];
  /** There is none up to there that was not on a page. */
  readonly upTo: string;
}

/** The next few behind a place, as long as the order reaches. */
export type NextCandidates = (after: string, limit: number) => Promise<CandidatePage>;

type Asked = Pick<Views, 'get' | 'find'>;
type Placed = { readonly position: string };

const startOf = (after: string) => (after === '' ? undefined : cursorOf(after));

/** Up to the end of the order, which is reached where fewer are left than were asked for. */
const within = <Document extends Placed>(
  found: readonly Document[],
  isAll: boolean,
  end: string,
): { readonly documents: readonly Document[]; readonly upTo: string } => {
  const documents = found.filter(({ position }) => position <= end);
  const last = documents.at(-1)?.position;
  const isOver = isAll || documents.length < found.length;
  return { documents, upTo: isOver || last === undefined ? end : last };
};

const ofArrivals = (arrivals: readonly ArrivalDocument[]): readonly Candidate[] =>
  arrivals.map((arrival) => ({ arrival, died: undefined }));

type Filters = Extract<ReplayOrder['among'], { arrivals: unknown }>['arrivals'];

const isWanted = (
  { sourceKind, sourceKey, ...arrival }: ArrivalDocument,
  workspace: string,
  { source, deliveryId }: Filters,
): boolean =>
  arrival.workspace === workspace &&
  (source?.kind ?? sourceKind) === sourceKind &&
  (source?.key ?? sourceKey) === sourceKey &&
  (deliveryId === undefined || deliveryId === arrival.deliveryId);

/** Those that are named are few; where they stand is looked up once. */
const byIds = (
  views: Asked,
  workspace: string,
  { upTo }: ReplayOrder,
  filters: Filters,
  ids: readonly string[],
): NextCandidates => {
  let known: Promise<readonly ArrivalDocument[]> | undefined;
  const load = async (): Promise<readonly ArrivalDocument[]> => {
    const found: ArrivalDocument[] = [];
    for (const id of new Set(ids)) {
      const arrival = await views.get('arrivals', id);
      if (arrival !== undefined && isWanted(arrival, workspace, filters)) found.push(arrival);
    }
    return found.sort((a, b) => (a.position < b.position ? -1 : 1));
  };
  return async (after, limit) => {
    known ??= load().catch((error: unknown) => {
      // Views that were away once are asked again.
      known = undefined;
      throw error;
    });
    const left = (await known).filter(({ position }) => position > after);
    const page = within(left.slice(0, limit), left.length <= limit, upTo);
    return { candidates: ofArrivals(page.documents), upTo: page.upTo };
  };
};

const byFilters =
  (views: Asked, workspace: string, { upTo }: ReplayOrder, filters: Filters): NextCandidates =>
  async (after, limit) => {
    const { source, deliveryId } = filters;
    const where = {
      workspace,
      ...given({ sourceKind: source?.kind, sourceKey: source?.key, deliveryId }),
    };
    const query = { where, order: 'asc', limit, after: startOf(after) } as const;
    const { documents, next } = await views.find('arrivals', query);
    const page = within(documents, next === null, upTo);
    return { candidates: ofArrivals(page.documents), upTo: page.upTo };
  };

const byDeath =
  (
    views: Asked,
    workspace: string,
    { upTo }: ReplayOrder,
    filters: Readonly<Record<string, string | undefined>>,
  ): NextCandidates =>
  async (after, limit) => {
    const where = { workspace, ...given(filters) } as Record<string, string>;
    const query = { where, order: 'asc', limit, after: startOf(after) } as const;
    const { documents, next } = await views.find('dead-letters', query);
    const page = within(documents, next === null, upTo);
    const candidates: Candidate[] = [];
    for (const died of page.documents) {
      const invocation = await views.get('invocations', died.invocationId);
      const arrival = invocation && (await views.get('arrivals', invocation.arrivalId));
      if (arrival !== undefined) candidates.push({ arrival, died });
    }
    return { candidates, upTo: page.upTo };
  };

/** What an order is about, page by page: no more of the log is held than one page. */
export const candidatesOf = (
  views: Asked,
  workspace: string,
  order: ReplayOrder,
): NextCandidates => {
  const { among } = order;
  if ('deadLetters' in among) return byDeath(views, workspace, order, among.deadLetters);
  const { ids } = among.arrivals;
  return ids === undefined
    ? byFilters(views, workspace, order, among.arrivals)
    : byIds(views, workspace, order, among.arrivals, ids);
};
