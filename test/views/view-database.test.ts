import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { isDamage } from '../../src/views/view-damage.ts';
import { deleteViewDatabase, openViewDatabase } from '../../src/views/view-database.ts';
import { viewsFile } from './view-engine-setup.ts';

const failureOf = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
};

it('opens a file that it made itself as it was left', async () => {
  const file = await viewsFile();
  const db = openViewDatabase(file);
  db.exec('CREATE TABLE mine (x)');
  db.close();
  const again = openViewDatabase(file);
  expect(again.prepare('SELECT * FROM mine').all()).toEqual([]);
  again.close();
});

it.each([
  ['of another layout', 'PRAGMA user_version = 999'],
  ['that lacks its catalog', 'DROP TABLE view'],
])('finds a file %s damaged, and opens anew once it is deleted', async (_, change) => {
  const file = await viewsFile();
  openViewDatabase(file).close();
  const db = new Database(file);
  db.exec(change);
  db.close();
  const failure = failureOf(() => openViewDatabase(file));
  expect(failure).toBeInstanceOf(Database.SqliteError);
  expect(isDamage(failure)).toBe(true);
  deleteViewDatabase(file);
  openViewDatabase(file).close();
});
