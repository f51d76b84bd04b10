import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type Connection, openDurable } from '../../../src/store/sqlite/database.ts';
import { prepareSchema } from '../../../src/store/sqlite/schema.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';

/** The file of a log without events: a new one for each test of the suite. */
export const emptyLog = (): (() => Connection) => {
  let directory: TemporaryDirectory;
  let db: Connection;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    db = openDurable(join(directory.path, 'events.db'));
    prepareSchema(db);
  });
  afterEach(async () => {
    db.close();
    await directory[Symbol.asyncDispose]();
  });
  return () => db;
};
