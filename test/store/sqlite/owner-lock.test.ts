import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acquireOwnerLock, isOwned } from '../../../src/store/sqlite/owner-lock.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

it('is one owner’s at a time, and free again when that one lets go', async () => {
  await using directory = await temporaryDirectory();
  const { path } = directory;
  expect(isOwned(path)).toBe(false);
  const first = acquireOwnerLock(path);
  expect(isOwned(path)).toBe(true);
  expect(() => acquireOwnerLock(path)).toThrow(
    expect.objectContaining({
      code: 'data-directory-in-use',
      message: `another process is using the data directory ${path}; stop it, or choose another directory`,
    }),
  );
  first.release();
  expect(isOwned(path)).toBe(false);
  const second = acquireOwnerLock(path);
  expect(isOwned(path)).toBe(true);
  second.release();
});

it('is not taken for free or owned where the lock is no database', async () => {
  await using directory = await temporaryDirectory();
  writeFileSync(join(directory.path, 'owner.lock'), 'nothing that anybody could open '.repeat(100));
  expect(() => isOwned(directory.path)).toThrow('not a database');
  expect(() => acquireOwnerLock(directory.path)).toThrow('not a database');
});
