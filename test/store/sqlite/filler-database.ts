import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type Connection, openDurable } from '../../../src/store/sqlite/database.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';

/** A database with a table `filler`, opened as the log is: a new one for each test of the suite. */
export const fillerDatabase = (): (() => Connection) => {
  let directory: TemporaryDirectory;
  let db: Connection;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    db = openDurable(join(directory.path, 'events.db'));
    db.exec('CREATE TABLE filler (page BLOB)');
  });
  afterEach(async () => {
    db.close();
    await directory[Symbol.asyncDispose]();
  });
  return () => db;
};
