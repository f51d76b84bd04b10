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

/** Long enough that a slow machine is not taken for a server that does not answer. */
export const patient: EsdbOptions = {
  connectTimeoutMs: 10_000,
  appendTimeoutMs: 10_000,
  readTimeoutMs: 10_000,
  giveUpAfterMs: 25_000,
  maxBackoffMs: 20,
};

/** Short enough that a test can wait for it to run out. */
export const soonMs = 500;

export const openEsdb = async (
  options: EsdbOptions & { readonly clockAheadMs?: number } = {},
  { batchAppend = true, query = '' } = {},
): Promise<EsdbUnderTest> => {
  const inner = createMemoryStore();
  const double = await startDouble(inner);
  double.faults.batchAppend = batchAppend;
  const { clockAheadMs = 0, ...more } = options;
  double.faults.clockAheadMs = clockAheadMs;
  const store = await openEsdbStore(`${double.url}${query}`, { ...patient, ...more });
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
