import type Database from 'better-sqlite3';
import type { AnyProjection } from '../../projections/projection.ts';
import { quoted } from './find-statement.ts';

export const tableName = (name: string, version: number): string => `${name}@${version}`;
export const idTableName = (table: string): string => `${table}/ids`;
export const indexName = (table: string, columns: readonly string[]): string =>
  `${table}(${columns.join(',')})`;

export const dropTable = (db: Database.Database, table: string): void => {
  db.exec(`DROP TABLE IF EXISTS ${quoted(table)}`);
  db.exec(`DROP TABLE IF EXISTS ${quoted(idTableName(table))}`);
};

/**
 * Documents lie in the order in which they began, so that new ones are written at the end. They are
 * found by hashes of their ids: ids are random, and an index of the ids themselves would be several
 * times as many pages, of which each id touches another one. Made without the other indexes: a
 * table is filled first.
 */
export const createTable = <Document>(
  db: Database.Database,
  projection: AnyProjection<Document>,
): void => {
  const table = tableName(projection.name, projection.version);
  const columns = (projection.columns ?? []).map((name) => `${quoted(name)},`);
  dropTable(db, table);
  // The document comes last, so that reading a column does not walk through it.
  db.exec(
    `CREATE TABLE ${quoted(table)} (place INTEGER PRIMARY KEY, key TEXT NOT NULL,
       ${columns.join(' ')} checksum INTEGER NOT NULL, document TEXT NOT NULL)`,
  );
  db.exec(
    `CREATE TABLE ${quoted(idTableName(table))} (id INTEGER NOT NULL, place INTEGER NOT NULL,
       PRIMARY KEY (id, place)) WITHOUT ROWID`,
  );
};

/** One statement per index, so that others may have their turn in between. */
export const indexStatements = <Document>(
  projection: AnyProjection<Document>,
): readonly string[] => {
  const table = tableName(projection.name, projection.version);
  const { columns = [], indexes = [], rare = [] } = projection;
  // By position, pages of a list find the place where they begin.
  const lists = columns.length === 0 ? indexes : [['position'], ...indexes];
  return lists.map((list) => {
    const index = quoted(indexName(table, list));
    const some = rare.find((name) => name === list[0]);
    const where = some === undefined ? '' : ` WHERE ${quoted(some)} IS NOT NULL`;
    const columnsOf = list.map(quoted).join(', ');
    return `CREATE INDEX IF NOT EXISTS ${index} ON ${quoted(table)} (${columnsOf})${where}`;
  });
};

/** A table of an older version can be asked, but only for columns that it has. */
export const columnsIn = (db: Database.Database, table: string): readonly string[] => {
  const rows = db.pragma(`table_info(${quoted(table)})`) as { name: string }[];
  const own = new Set(['place', 'key', 'checksum', 'document']);
  return rows.map(({ name }) => name).filter((name) => !own.has(name));
};
