import { type EsdbOptions, openEsdbStore } from '../../../src/store/esdb/store.ts';
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

/** A stream as the server has it. */
export const onServer = (stream: string): string => `tripline.${stream}`;

/** Short enough that a test can wait for each of them to run out. */
export const impatient: EsdbOptions = {
  connectTimeoutMs: 300,
  appendTimeoutMs: 300,
  readTimeoutMs: 300,
  giveUpAfterMs: 10_000,
  maxBackoffMs: 20,
};

export const openEsdb = async (
  options: EsdbOptions & { readonly clockAheadMs?: number } = {},
  { batchAppend = true, query = '' } = {},
): Promise<EsdbUnderTest> => {
  const inner = createMemoryStore();
  const double = await startDouble(inner);
  double.faults.batchAppend = batchAppend;
  const { clockAheadMs = 0, ...more } = options;
  double.faults.clockAheadMs = clockAheadMs;
  const store = await openEsdbStore(`${double.url}${query}`, { ...impatient, ...more });
  // What it takes to open the store is not what is looked at.
  double.seen.appends = 0;
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
