import { expect, it } from 'vitest';
import { coldProjections } from '../../projections/index.ts';
import { createTable } from '../../src/views/table-layout.ts';
import { createViewCatalog, emptyCheckpoint } from '../../src/views/view-catalog.ts';
import { openViewDatabase } from '../../src/views/view-database.ts';
import { watched } from '../store/sqlite/watched-connection.ts';

it.each([1, 2])('a view is not dropped in part, though the disk fails after step %i', (steps) => {
  let taken = Number.NEGATIVE_INFINITY;
  const db = watched(openViewDatabase(':memory:'), {
    before: () => {
      taken += 1;
      if (taken > steps) throw new Error('disk I/O error');
    },
    after: () => undefined,
  });
  const catalog = createViewCatalog(db);
  const { name, version } = coldProjections.invocations;
  createTable(db, coldProjections.invocations);
  catalog.begin(name, version, emptyCheckpoint);
  const tables = (): unknown => db.prepare('SELECT name FROM sqlite_schema').all();
  const before = tables();
  taken = 0;
  expect(() => catalog.drop(name, version)).toThrow('disk I/O error');

  expect(catalog.entries()).toHaveLength(1);
  expect(tables()).toEqual(before);
});
