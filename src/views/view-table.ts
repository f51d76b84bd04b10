import type Database from 'better-sqlite3';
import type { AnyProjection } from '../../projections/projection.ts';
import { createDocumentText, type DocumentRow } from './document-text.ts';
import { countStatement, cursorOf, findStatement, quoted } from './find-statement.ts';
import { idHash } from './id-hash.ts';
import { columnsIn, idTableName, tableName } from './table-layout.ts';
import { createTableWriter } from './table-writer.ts';
import type { FindQuery, FoundPage } from './views.ts';

export interface ViewTable<Document> {
  get(key: string): Document | undefined;
  readonly write: ReturnType<typeof createTableWriter<Document & object>>;
  find(query: FindQuery): FoundPage<Document>;
  count(query?: Pick<FindQuery, 'where' | 'between'>): number;
}

export const openTable = <Document extends object>(
  db: Database.Database,
  projection: AnyProjection<Document>,
  version = projection.version,
): ViewTable<Document> => {
  const name = tableName(projection.name, version);
  const table = quoted(name);
  const idTable = idTableName(name);
  const columns = columnsIn(db, name);
  const { indexes = [], keyMember, usually } = projection;
  const text = createDocumentText<Document>({ columns, keyMember, usually });
  // By which ids an older version can be found is not known.
  const ids = version === projection.version ? (projection.ids ?? []) : [];
  const asked = { table: name, idTable, columns: new Set(columns), indexes, ids };
  const select = db.prepare<[number, string], DocumentRow>(
    `SELECT d.* FROM ${quoted(idTable)} i CROSS JOIN ${table} d ON d.place = i.place
     WHERE i.id = ? AND d.key = ?`,
  );
  const statements = new Map<string, Database.Statement>();

  const statementFor = (sql: string): Database.Statement => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  return {
    get: (key) => {
      const row = select.get(idHash(key), key);
      return row && text.documentIn(row);
    },
    write: createTableWriter<Document>(db, { name, columns, ids, text }),
    count: (query) => {
      const { sql, values } = countStatement(asked, query);
      return (statementFor(sql).get(values) as { readonly n: number }).n;
    },
    find: (query) => {
      const { sql, values } = findStatement(asked, query);
      const rows = statementFor(sql).all(values) as (DocumentRow & { position: string })[];
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        documents: page.map(text.documentIn),
        next: rows.length > query.limit && last !== undefined ? cursorOf(last.position) : null,
      };
    },
  };
};
