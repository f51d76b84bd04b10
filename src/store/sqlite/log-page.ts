import type { ReadAllOptions } from '../event-store.ts';
import { logPage } from '../page-bounds.ts';
import type { EventRows } from './event-rows.ts';
import type { StoredRow } from './stored-row.ts';

/** A page for a subscriber ends here even if it could hold more events. */
const pageBytes = 8_388_608;

export const pageOfLog = (rows: EventRows, head: number, options: ReadAllOptions): StoredRow[] => {
  const { low, high, descending, limit } = logPage(options, head);
  // Positions are dense, so a page from the end is a range too.
  const first = descending ? Math.max(low, high - limit + 1) : low;
  const last = descending ? high : Math.min(high, low + limit - 1);
  const page: StoredRow[] = [];
  rows.walk(first, Math.min(last, head), (row) => {
    page.push(row);
    return undefined;
  });
  return descending ? page.reverse() : page;
};

/** What follows a position, at least one event if there is one. */
export const pageAfter = (
  rows: EventRows,
  position: number,
  head: number,
  maxCount: number,
): StoredRow[] => {
  const page: StoredRow[] = [];
  let bytes = 0;
  rows.walk(position + 1, Math.min(position + maxCount, head), (row) => {
    page.push(row);
    bytes += row[5].length;
    return bytes > pageBytes ? 'done' : undefined;
  });
  return page;
};
