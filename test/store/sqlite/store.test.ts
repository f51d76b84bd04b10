import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { itIsAnEventStore } from '../event-store-contract.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

itIsAnEventStore('sqlite', async () => {
  const directory = await temporaryDirectory();
  const store = await openSqliteStore({ dataDir: directory.path });
  return { store, dispose: () => directory[Symbol.asyncDispose]() };
});
