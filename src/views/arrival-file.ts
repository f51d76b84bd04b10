import Database from 'better-sqlite3';
import { arrivals } from '../../projections/arrivals.ts';
import { invocations } from '../../projections/invocations.ts';
import { TriplineError } from '../domain/errors.ts';
import type { ArrivalRange, ArrivalSource, ScannedArrival } from './arrival-source.ts';
import { quoted } from './find-statement.ts';
import { createSentReader } from './sent-file.ts';
import { indexName, tableName } from './table-layout.ts';
import { isDamage } from './view-damage.ts';

/** Few enough that whoever wants it to end need not wait for one. */
const portionSize = 5_000;

type Row = readonly [place: number, ...members: readonly string[]];

const arrivalIn = ([, arrivalId, position, receivedAt, sourceKind, sourceKey]: Row) =>
  ({ arrivalId, position, receivedAt, sourceKind, sourceKey }) as ScannedArrival;

const mustServe = (db: Database.Database): void => {
  const select = db.prepare(
    "SELECT 1 FROM view WHERE name = ? AND version = ? AND state = 'serving'",
  );
  for (const { name, version } of [arrivals, invocations])
    if (select.get(name, version) === undefined)
      throw new TriplineError('store-unavailable', `the view ${name} is being rebuilt`);
};

const openFile = (file: string): Database.Database => {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    mustServe(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

const readerOf = (db: Database.Database, range: ArrivalRange) => {
  const name = tableName(arrivals.name, arrivals.version);
  const table = quoted(name);
  const place = (comparison: '<' | '<='): Database.Statement<[string], number> =>
    db
      .prepare<[string], number>(
        `SELECT place FROM ${table} WHERE position ${comparison} ? ORDER BY position DESC LIMIT 1`,
      )
      .pluck();
  const from = range.fromPosition;
  const before = from === undefined ? undefined : place('<').get(from);
  const last = place('<=').get(range.toPosition) ?? -1;
  // Within one workspace its entries are in the order of places, which is that of the log.
  const select = db
    .prepare<[string, number, number, number], Row>(
      `SELECT place, key, position, receivedAt, sourceKind, sourceKey
       FROM ${table} INDEXED BY ${quoted(indexName(name, ['workspace']))}
       WHERE workspace = ? AND place > ? AND place <= ? ORDER BY place LIMIT ?`,
    )
    .raw();
  let after = before ?? -1;
  return {
    begin: after,
    next: (): readonly Row[] => {
      const rows = select.all(range.workspace, after, last, portionSize);
      after = rows.at(-1)?.[0] ?? last;
      return rows;
    },
    /** Behind what was read. */
    get place(): number {
      return after;
    },
  };
};

const orUnavailable = <Value>(task: () => Value): Value => {
  try {
    return task();
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new TriplineError('store-unavailable', 'the views are being rebuilt', { cause: error });
  }
};

/**
 * Out of the file that the views have written, beside them and without holding them up. What they
 * have not written yet is not seen: whoever opens it has asked them for the end of the range.
 * Tells what was sent by one trigger only. Throws `store-unavailable` while they are being rebuilt.
 */
export const openArrivalFile = (
  file: string,
  range: ArrivalRange,
  triggerId: string,
): ArrivalSource & { close(): void } => {
  const db = orUnavailable(() => openFile(file));
  const reader = orUnavailable(() => readerOf(db, range));
  const sent = orUnavailable(() => createSentReader(db, triggerId, reader.begin));
  return {
    next: async () => {
      const rows = orUnavailable(reader.next);
      const last = rows.at(-1);
      if (last === undefined) return undefined;
      return { arrivals: rows.map(arrivalIn), position: arrivalIn(last).position };
    },
    sent: async (wanted) => {
      const ids = wanted.map(({ invocationId }) => invocationId);
      return orUnavailable(() => sent(ids, reader.place));
    },
    close: () => {
      db.close();
    },
  };
};
