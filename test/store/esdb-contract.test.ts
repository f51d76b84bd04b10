import { openEsdbStore } from '../../src/store/esdb-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { startDouble } from './esdb-double/double.ts';
import { itIsAnEventStore } from './event-store-contract.ts';

const overDouble =
  ({ batchAppend }: { batchAppend: boolean }) =>
  async () => {
    const inner = createMemoryStore();
    const double = await startDouble(inner);
    double.faults.batchAppend = batchAppend;
    return {
      store: await openEsdbStore(double.url),
      dispose: async () => {
        double.crash();
        await inner.close();
      },
    };
  };

itIsAnEventStore(
  'EventStoreDB client, batch append, against the double',
  overDouble({ batchAppend: true }),
);

itIsAnEventStore(
  'EventStoreDB client, classic append, against the double',
  overDouble({ batchAppend: false }),
);

const { TRIPLINE_TEST_ESDB: server } = process.env;

itIsAnEventStore(
  'EventStoreDB client, against a real server',
  async () => ({ store: await openEsdbStore(server ?? '') }),
  { skipped: server ? undefined : 'TRIPLINE_TEST_ESDB is not set to the URL of a server' },
);
