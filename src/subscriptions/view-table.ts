import type Database from 'better-sqlite3';
import type { AnyProjection } from '../../projections/projection.ts';
import { createDocumentText, type DocumentRow } from './document-text.ts';
import { cursorOf, findStatement, quoted } from './find-statement.ts';
import type { FindQuery, FoundPage } from './views.ts';

export interface ViewTable<Document> {
  get(key: string): Document | undefined;
  /** Gives back the length of what was written. */
  put(key: string, document: Document): number;
  delete(key: string): void;
  find(query: FindQuery): FoundPage<Document>;
}

export const tableName = (name: string, version: number): string => `${name}@${version}`;

/** Without its indexes: a table is filled first. */
export const createTable = <Document>(
  db: Database.Database,
  projection: AnyProjection<Document>,
): void => {
  const table = quoted(tableName(projection.name, projection.version));
  const columns = (projection.columns ?? []).map((name) => `${quoted(name)},`);
  db.exec(`DROP TABLE IF EXISTS ${table}`);
  // The document comes last, so that reading a column does not walk through it.
  db.exec(
    `CREATE TABLE ${table} (key TEXT PRIMARY KEY, ${columns.join(' ')} checksum INTEGER NOT NULL, document TEXT NOT NULL)`,
  );
};

/** One statement per index, so that others may have their turn in between. */
export const indexStatements = <Document>(
  projection: AnyProjection<Document>,
): readonly string[] => {
  const table = tableName(projection.name, projection.version);
  return (projection.indexes ?? []).map((columns) => {
    const index = quoted(`${table}(${columns.join(',')})`);
    return `CREATE INDEX IF NOT EXISTS ${index} ON ${quoted(table)} (${columns.map(quoted).join(', ')})`;
  });
};

/** A table of an older version can be asked, but only for columns that it has. */
const columnsIn = (db: Database.Database, table: string): readonly string[] => {
  const rows = db.pragma(`table_info(${quoted(table)})`) as { name: string }[];
  const own = new Set(['key', 'checksum', 'document']);
  return rows.map(({ name }) => name).filter((name) => !own.has(name));
};

export const openTable = <Document extends object>(
  db: Database.Database,
  projection: AnyProjection<Document>,
  version = projection.version,
): ViewTable<Document> => {
  const name = tableName(projection.name, version);
  const table = quoted(name);
  const columns = columnsIn(db, name);
  const { row: rowOf, documentIn } = createDocumentText<Document>(columns);
  const known = new Set(columns);
  const { indexes = [] } = projection;
  const select = db.prepare(`SELECT * FROM ${table} WHERE key = ?`);
  const remove = db.prepare(`DELETE FROM ${table} WHERE key = ?`);
  const width = columns.length + 3;
  const replace =
    version === projection.version
      ? db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${Array(width).fill('?').join(', ')})`)
      : undefined;
  const statements = new Map<string, Database.Statement>();

  const statementFor = (sql: string): Database.Statement => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  return {
    get: (key) => {
      const row = select.get(key) as DocumentRow | undefined;
      return row && documentIn(row);
    },
    put: (key, document) => {
      const row = rowOf(key, document);
      replace?.run(row);
      return String(row.at(-1)).length;
    },
    delete: (key) => {
      remove.run(key);
    },
    find: (query) => {
      const { sql, values } = findStatement({ table: name, columns: known, indexes }, query);
      const rows = statementFor(sql).all(values) as (DocumentRow & { position: string })[];
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        documents: page.map(documentIn),
        next: rows.length > query.limit && last !== undefined ? cursorOf(last.position) : null,
      };
    },
  };
};
