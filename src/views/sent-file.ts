import type Database from 'better-sqlite3';
import { invocations } from '../../projections/invocations.ts';
import type { SentAs } from './arrival-source.ts';
import { quoted } from './find-statement.ts';
import { idHash } from './id-hash.ts';
import { idTableName, indexName, tableName } from './table-layout.ts';

const pageSize = 5_000;

type Row = readonly [
  place: number,
  invocationId: string,
  functionId: string,
  queuedAs: number,
  sentAs: number | null,
];

const sentIn = ([, , functionId, queuedAs, sentAs]: Row): SentAs => ({
  functionId,
  version: sentAs ?? queuedAs,
});

/**
 * Reads what a trigger sent, along with the arrivals it was sent for. An invocation stands behind its
 * arrival, mostly right behind: so they are read in their order, which costs a third of looking each up,
 * and only those that came much later are looked up.
 */
export const createSentReader = (db: Database.Database, triggerId: string, after: number) => {
  const name = tableName(invocations.name, invocations.version);
  const members = `d.place, d.key, d.functionId, d.document ->> '$.triggerVersion',
    d.document ->> '$.attempts[#-1].versions.trigger'`;
  const one = db
    .prepare<[number, string], Row>(
      `SELECT ${members} FROM ${quoted(idTableName(name))} i
       CROSS JOIN ${quoted(name)} d ON d.place = i.place WHERE i.id = ? AND d.key = ?`,
    )
    .raw();
  const page = db
    .prepare<[string, number, number], Row>(
      `SELECT ${members} FROM ${quoted(name)} d
       INDEXED BY ${quoted(indexName(name, ['triggerId']))}
       WHERE d.triggerId = ? AND d.place > ? ORDER BY d.place LIMIT ?`,
    )
    .raw();
  const read = new Map<string, Row>();
  let readTo = after;

  const readOn = (place: number): void => {
    while (readTo < place) {
      const rows = page.all(triggerId, readTo, pageSize);
      for (const row of rows) read.set(row[1], row);
      readTo = rows.at(-1)?.[0] ?? place;
    }
  };

  const passed = (place: number): void => {
    for (const [invocationId, row] of read) {
      if (row[0] > place) return;
      read.delete(invocationId);
    }
  };

  /** For arrivals up to that place, and none behind those that were asked about before. */
  return (wanted: readonly string[], place: number): ReadonlyMap<string, SentAs> => {
    readOn(place);
    const found = new Map<string, SentAs>();
    for (const invocationId of wanted) {
      const row = read.get(invocationId) ?? one.get(idHash(invocationId), invocationId);
      if (row !== undefined) found.set(invocationId, sentIn(row));
    }
    passed(place);
    return found;
  };
};
