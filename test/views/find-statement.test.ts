import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { invocations } from '../../projections/invocations.ts';
import { cursorOf, findStatement } from '../../src/views/find-statement.ts';
import {
  createTable,
  idTableName,
  indexStatements,
  tableName,
} from '../../src/views/table-layout.ts';
import type { FindQuery, Order } from '../../src/views/views.ts';

let db = new Database(':memory:');
afterEach(() => {
  db.close();
  db = new Database(':memory:');
});

const planOf = (
  where: Record<string, string | string[]>,
  order: Order,
  after?: string,
  between?: FindQuery['between'],
): string => {
  const { columns = [], indexes = [], ids = [], name, version } = invocations;
  const table = tableName(name, version);
  const asked = { table, idTable: idTableName(table), columns: new Set(columns), indexes, ids };
  const { sql, values } = findStatement(asked, { where, order, after, between, limit: 10 });
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[];
  return steps.map(({ detail }) => detail).join('; ');
};

it('looks an invocation up by the most telling of the columns that are asked for', () => {
  createTable(db, invocations);
  for (const statement of indexStatements(invocations)) db.exec(statement);
  const workspace = 'w';
  const status = 'succeeded';
  const index = (columns: string) => `USING INDEX invocations@${invocations.version}(${columns})`;
  const ids = 'SEARCH i USING PRIMARY KEY (id=?';
  for (const order of ['asc', 'desc'] as const) {
    for (const after of [undefined, cursorOf('0000000000000001')]) {
      const plan = (where: Record<string, string | string[]>) => planOf(where, order, after);
      expect(plan({})).not.toContain('TEMP B-TREE');
      for (const [where, by] of [
        [{ workspace }, index('workspace')],
        [{ workspace, status }, index('workspace,status')],
        [{ replayId: 'r' }, index('replayId')],
        [{ replayId: 'r', status }, index('replayId,status')],
        [{ workspace, functionId: 'f' }, index('functionId')],
        [{ workspace, triggerId: 't', functionId: 'f' }, index('functionId')],
        [{ workspace, status, correlationId: 'c' }, ids],
        [{ workspace, status, arrivalId: 'a' }, ids],
      ] as const) {
        expect(plan(where)).toContain(by);
        expect(plan(where)).not.toMatch(/SCAN|TEMP B-TREE/);
      }
      // Only the list itself is gone through.
      const byList = plan({ workspace, arrivalId: ['a', 'b'] });
      expect(byList).toMatch(/SEARCH d USING INTEGER PRIMARY KEY/);
      expect(byList).toMatch(/SEARCH invocations@\d+\S* USING PRIMARY KEY \(id=\?/);
      expect(byList).not.toMatch(/SCAN (?!json_each)/);
    }
  }
});

it('looks up what was open at a place by its end, and sorts no whole documents', () => {
  createTable(db, invocations);
  for (const statement of indexStatements(invocations)) db.exec(statement);
  const position = '0000000000000001';
  const between = [
    { column: 'position', to: position },
    { column: 'endPosition', above: position },
  ];
  for (const where of [{ workspace: 'w' }, { workspace: 'w', triggerId: 't' }]) {
    for (const order of ['asc', 'desc'] as const) {
      const plan = planOf(where, order, cursorOf(position), between);
      expect(plan).toContain('(workspace,endPosition) (workspace=? AND endPosition>?)');
      expect(plan).toMatch(/SEARCH d USING INTEGER PRIMARY KEY \(rowid=\?\)/);
      expect(plan).not.toContain('SCAN d');
    }
  }
  const begun = planOf({ workspace: 'w' }, 'desc', undefined, between[0]);
  expect(begun).toContain('(workspace) (workspace=? AND rowid<?)');
  expect(begun).not.toContain('TEMP B-TREE');
});
