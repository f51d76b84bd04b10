import { itIsAnEventStore } from '../event-store-contract.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

itIsAnEventStore('sqlite, both halves in one thread,', async () => {
  const directory = await temporaryDirectory();
  const store = await openSqliteHere({ dataDir: directory.path });
  return { store, dispose: () => directory[Symbol.asyncDispose]() };
});
