import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { invocations } from '../../projections/invocations.ts';
import { findStatement } from '../../src/subscriptions/find-statement.ts';
import { createTable, indexStatements, tableName } from '../../src/subscriptions/view-table.ts';

const db = new Database(':memory:');
afterEach(() => void db.close());

const planOf = (where: Record<string, string>): string => {
  const { columns = [], indexes = [], name, version } = invocations;
  const asked = { table: tableName(name, version), columns: new Set<string>(columns), indexes };
  const { sql, values } = findStatement(asked, { where, order: 'desc', limit: 10 });
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[];
  return steps.map(({ detail }) => detail).join('; ');
};

it('looks an invocation up by the most telling of the columns that are asked for', () => {
  createTable(db, invocations);
  for (const statement of indexStatements(invocations)) db.exec(statement);
  const workspace = 'w';
  const status = 'succeeded';
  const index = (columns: string) => `USING INDEX invocations@1(${columns},position)`;
  expect(planOf({ workspace })).toContain(index('workspace'));
  expect(planOf({ workspace, status })).toContain(index('workspace,status'));
  expect(planOf({ workspace, functionId: 'f' })).toContain(index('functionId'));
  expect(planOf({ workspace, triggerId: 't', functionId: 'f' })).toContain(index('functionId'));
  expect(planOf({ workspace, status, correlationId: 'c' })).toContain(index('correlationId'));
  expect(planOf({ workspace, status, arrivalId: 'a' })).toContain(index('arrivalId'));
  for (const where of [{ workspace }, { workspace, status }, { workspace, arrivalId: 'a' }]) {
    expect(planOf(where)).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
