import { type Connection, corruptStore, namingDamage } from './database.ts';
import { eventHash, noHash } from './event-hash.ts';
import { rowColumns, type StoredRow } from './stored-row.ts';

type HashedRow = [...StoredRow, hash: string];
type LinkedRow = [...HashedRow, previous: string | null];

const matches = (row: readonly unknown[] & HashedRow, previous: string): boolean =>
  row[8] === eventHash(previous, row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]);

/** Cuts the row itself: copying each would cost as much as its hash does. */
const withoutHash = (row: HashedRow): StoredRow => {
  row.length -= 1;
  return row as unknown as StoredRow;
};

/** Fetched in one go, which is far cheaper than one by one; few enough for the longest of events. */
const rowsAtOnce = 64;

export interface EventRows {
  readonly head: number;
  hashAt(position: number): string;
  /** Positions `low` to `high`, each checked against its predecessor, until `done` says so. */
  walk(
    low: number,
    high: number,
    visit: (row: StoredRow, hash: string) => 'done' | undefined,
  ): void;
  /** What to throw where the log does not go on. */
  missing(position: number): Error;
  /** The events at these positions, each checked by itself. */
  at(positions: readonly number[]): StoredRow[];
}

/**
 * Reads the log and trusts nothing: every row must be the one whose hash was written, right behind
 * its predecessor. The first that is not is named by file, position and stream.
 */
export const createEventRows = (db: Connection): EventRows => {
  const selectRange = db
    .prepare<[number, number], HashedRow>(
      `SELECT ${rowColumns}, hash FROM events WHERE position BETWEEN ? AND ? ORDER BY position`,
    )
    .raw();
  const selectOne = db
    .prepare<[number], LinkedRow>(
      `SELECT ${rowColumns}, hash, (SELECT hash FROM events p WHERE p.position = e.position - 1)
       FROM events e WHERE position = ?`,
    )
    .raw();
  const selectHash = db
    .prepare<[number], string>('SELECT hash FROM events WHERE position = ?')
    .pluck();
  const selectHead = db
    .prepare<[], number>('SELECT coalesce(max(position), 0) FROM events')
    .pluck();

  const missing = (position: number): Error =>
    corruptStore(db.name, `the event at position ${position} is missing`);
  const altered = ([position, stream]: HashedRow): Error =>
    corruptStore(db.name, `the event at position ${position} (stream ${stream}) is not as written`);
  const hashAt = (position: number): string => {
    if (position === 0) return noHash;
    const hash = namingDamage(db.name, () => selectHash.get(position));
    if (hash === undefined) throw missing(position);
    return hash;
  };

  const check = (row: HashedRow, position: number, previous: string): void => {
    if (row[0] !== position) throw missing(position);
    if (!matches(row, previous)) throw altered(row);
  };
  /** What can be read before a damaged page comes first, so that the first bad event is named. */
  const range = (low: number, high: number): Iterable<HashedRow> => {
    try {
      return selectRange.all(low, high);
    } catch {
      return selectRange.iterate(low, high);
    }
  };
  const walk: EventRows['walk'] = (low, high, visit) => {
    let previous = hashAt(low - 1);
    let expected = low;
    while (expected <= high) {
      const end = Math.min(high, expected + rowsAtOnce - 1);
      for (const row of range(expected, end)) {
        check(row, expected, previous);
        previous = row[8];
        expected += 1;
        if (visit(withoutHash(row), previous) === 'done') return;
      }
      if (expected <= end) throw missing(expected);
    }
  };

  return {
    get head() {
      return namingDamage(db.name, () => selectHead.get()) ?? 0;
    },
    hashAt,
    missing,
    walk: (low, high, visit) => {
      if (low <= high) namingDamage(db.name, () => walk(low, high, visit));
    },
    at: (positions) =>
      positions.map((position) => {
        const row = namingDamage(db.name, () => selectOne.get(position));
        if (row === undefined) throw missing(position);
        const [hashed, previous] = [row.slice(0, 9) as unknown as HashedRow, row[9]];
        if (!matches(hashed, previous ?? noHash)) throw altered(hashed);
        return withoutHash(hashed);
      }),
  };
};
