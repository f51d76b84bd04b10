import type { ReplayOrder } from '../domain/replay/order.ts';
import { cursorOf } from '../views/find-statement.ts';
import type { OperationsDeps } from './deps.ts';
import type { Moment } from './time-travel.ts';

/** In which list something is looked for, and what has its times. */
export type HistoryList =
  | { readonly name: 'arrivals'; readonly column: 'receivedAt' }
  | { readonly name: 'dead-letters'; readonly column: 'diedAt' };

export const arrivalList: HistoryList = { name: 'arrivals', column: 'receivedAt' };

export const listOf = ({ among }: Pick<ReplayOrder, 'among'>): HistoryList =>
  'arrivals' in among ? arrivalList : { name: 'dead-letters', column: 'diedAt' };

/** Where in the log a stretch of history begins and ends that people name by moments, both included. */
export const createHistoryPlaces = ({ views }: Pick<OperationsDeps, 'views'>) => {
  const placeIn = async (
    workspace: string,
    { name, column }: HistoryList,
    order: 'asc' | 'desc',
    behind: { readonly after?: string; readonly from?: string; readonly to?: string },
  ): Promise<string | undefined> => {
    const { after, ...span } = behind;
    const query = {
      ...{ where: { workspace }, order, after, limit: 1 },
      between: { column, ...span },
    };
    const { documents } =
      name === 'arrivals'
        ? await views.find('arrivals', query)
        : await views.find('dead-letters', query);
    return documents[0]?.position;
  };

  /** Clocks jump: the first one that claims to be of then counts, and all behind it in the log. */
  const firstSince = async (
    workspace: string,
    list: HistoryList,
    from: Moment,
  ): Promise<string | undefined> =>
    'position' in from ? from.position : await placeIn(workspace, list, 'asc', { from: from.time });

  return {
    firstSince,
    /** The last one that claims to be of before counts, and all ahead of it; empty where there is none. */
    async lastUntil(workspace: string, list: HistoryList, to: Moment | undefined): Promise<string> {
      if (to !== undefined && 'position' in to) return to.position;
      const span = to === undefined ? {} : { to: to.time };
      return (await placeIn(workspace, list, 'desc', span)) ?? '';
    },
    /** Behind which it begins; undefined where nothing is in it. */
    async placeBefore(
      workspace: string,
      list: HistoryList,
      from: Moment | undefined,
    ): Promise<string | undefined> {
      if (from === undefined) return '';
      // Another process may have told that place, and it is not to be the first of what is unseen here.
      if ('position' in from) await views.reached(from.position);
      const first = await firstSince(workspace, list, from);
      if (first === undefined) return undefined;
      return (await placeIn(workspace, list, 'desc', { after: cursorOf(first) })) ?? '';
    },
  };
};
