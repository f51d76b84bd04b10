import type Database from 'better-sqlite3';
import type { AnyProjection } from '../../projections/projection.ts';
import { checksumOf, type DocumentRow, documentIn } from './document-text.ts';
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

const columnsOf = <Document>(projection: AnyProjection<Document>) =>
  Object.entries(projection.columns ?? {});

/** Without its indexes: a table is filled first. */
export const createTable = <Document>(
  db: Database.Database,
  projection: AnyProjection<Document>,
): void => {
  const table = quoted(tableName(projection.name, projection.version));
  const columns = columnsOf(projection).map(([name]) => `${quoted(name)},`);
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
const columnsIn = (db: Database.Database, table: string): ReadonlySet<string> => {
  const rows = db.pragma(`table_info(${quoted(table)})`) as { name: string }[];
  const own = new Set(['key', 'checksum', 'document']);
  return new Set(rows.map(({ name }) => name).filter((name) => !own.has(name)));
};

export const openTable = <Document>(
  db: Database.Database,
  projection: AnyProjection<Document>,
  version = projection.version,
): ViewTable<Document> => {
  const name = tableName(projection.name, version);
  const table = quoted(name);
  const columns = columnsOf(projection);
  const known = columnsIn(db, name);
  const select = db.prepare(`SELECT key, checksum, document FROM ${table} WHERE key = ?`);
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
      return row && documentIn<Document>(row);
    },
    put: (key, document) => {
      const text = JSON.stringify(document);
      const values = columns.map(([, column]) => column(document));
      replace?.run([key, ...values, checksumOf(key, text), text]);
      return text.length;
    },
    delete: (key) => {
      remove.run(key);
    },
    find: (query) => {
      const { sql, values } = findStatement(name, known, query);
      const rows = statementFor(sql).all(values) as (DocumentRow & { position: string })[];
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        documents: page.map((row) => documentIn<Document>(row)),
        next: rows.length > query.limit && last !== undefined ? cursorOf(last.position) : null,
      };
    },
  };
};
