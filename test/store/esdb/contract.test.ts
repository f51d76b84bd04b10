import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { openStore } from '../../../src/store/index.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { itIsAnEventStore } from '../event-store-contract.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startDouble } from './double/double.ts';

interface Inner {
  readonly store: EventStore;
  remove(): Promise<void>;
}

const inMemory = async (): Promise<Inner> => ({
  store: createMemoryStore(),
  remove: async () => {},
});

const inSqlite = async (): Promise<Inner> => {
  const directory = await temporaryDirectory();
  return {
    store: await openStore('sqlite:', { dataDir: directory.path }),
    remove: () => directory[Symbol.asyncDispose](),
  };
};

const overDouble =
  (open: () => Promise<Inner>, { batchAppend }: { batchAppend: boolean }) =>
  async () => {
    const { store: inner, remove } = await open();
    const double = await startDouble(inner);
    double.faults.batchAppend = batchAppend;
    return {
      store: await openEsdbStore(double.url),
      dispose: async () => {
        double.crash();
        await inner.close();
        await remove();
      },
    };
  };

itIsAnEventStore(
  'EventStoreDB client, batch append, against the double',
  overDouble(inMemory, { batchAppend: true }),
);

itIsAnEventStore(
  'EventStoreDB client, classic append, against the double',
  overDouble(inMemory, { batchAppend: false }),
);

itIsAnEventStore(
  'EventStoreDB client, batch append, against the double on SQLite',
  overDouble(inSqlite, { batchAppend: true }),
);

const { TRIPLINE_TEST_ESDB: server } = process.env;

itIsAnEventStore(
  'EventStoreDB client, against a real server',
  async () => ({ store: await openEsdbStore(server ?? '') }),
  { skipped: server ? undefined : 'TRIPLINE_TEST_ESDB is not set to the URL of a server' },
);
