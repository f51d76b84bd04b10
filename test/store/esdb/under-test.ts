import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import type { EsdbTuning } from '../../../src/store/esdb/tuning.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { type EsdbDouble, startDouble } from './double/double.ts';

export interface EsdbUnderTest extends AsyncDisposable {
  readonly double: EsdbDouble;
  /** Through the client and the wire. */
  readonly store: EventStore;
  /** What the server has. */
  readonly inner: EventStore;
}

/** Short enough that a test can wait for each of them to run out. */
export const impatient: Partial<EsdbTuning> = {
  connectTimeoutMs: 300,
  appendTimeoutMs: 300,
  readTimeoutMs: 300,
  giveUpAfterMs: 10_000,
  maxBackoffMs: 20,
};

export const openEsdb = async (
  tuning: Partial<EsdbTuning> = {},
  { batchAppend = true, query = '' } = {},
): Promise<EsdbUnderTest> => {
  const inner = createMemoryStore();
  const double = await startDouble(inner);
  double.faults.batchAppend = batchAppend;
  const store = await openEsdbStore(`${double.url}${query}`, { ...impatient, ...tuning });
  return {
    double,
    store,
    inner,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      double.crash();
      await inner.close();
    },
  };
};
