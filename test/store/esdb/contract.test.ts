import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
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
    // As it is below the reading edge: a server keeps what others write, too.
    store: await openSqliteStore({ dataDir: directory.path }),
    remove: () => directory[Symbol.asyncDispose](),
  };
};

const overDouble =
  (
    open: () => Promise<Inner>,
    { batchAppend, payloadsBeside }: { batchAppend: boolean; payloadsBeside?: boolean },
  ) =>
  async () => {
    const { store: inner, remove } = await open();
    const double = await startDouble(inner);
    double.faults.batchAppend = batchAppend;
    return {
      store: await openEsdbStore(double.url, { payloadsBeside }),
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
  { shortOnesRide: true },
);

itIsAnEventStore(
  'EventStoreDB client, payloads beside, against the double',
  overDouble(inMemory, { batchAppend: true, payloadsBeside: true }),
);

itIsAnEventStore(
  'EventStoreDB client, classic append, against the double',
  overDouble(inMemory, { batchAppend: false }),
  { shortOnesRide: true },
);

itIsAnEventStore(
  'EventStoreDB client, batch append, against the double on SQLite',
  overDouble(inSqlite, { batchAppend: true }),
  { shortOnesRide: true },
);

const { TRIPLINE_TEST_ESDB: server } = process.env;

itIsAnEventStore(
  'EventStoreDB client, against a real server',
  async () => ({ store: await openEsdbStore(server ?? '') }),
  {
    shortOnesRide: true,
    skipped: server ? undefined : 'TRIPLINE_TEST_ESDB is not set to the URL of a server',
  },
);
