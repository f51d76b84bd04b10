import { TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventReader } from './event-reader.ts';
import type { EventStore } from './event-store.ts';
import { readsFacts } from './fact-store.ts';
import { createMemoryStore } from './memory-store.ts';

export interface StoreOptions {
  /** Where the embedded store keeps its files. */
  readonly dataDir: string;
  /** What the names of our streams begin with in a database that others may use too. */
  readonly prefix?: string | undefined;
  /** Whether small payloads, too, lie in streams of their own on EventStoreDB. */
  readonly payloadsBeside?: boolean;
  readonly log?: Logger;
}

export type { EventReader };

type ReaderOptions = Omit<StoreOptions, 'log' | 'payloadsBeside'>;

interface Adapter {
  open(url: string, options: StoreOptions): Promise<EventStore>;
  /** Missing where nobody but the store itself can see the log. */
  openReader?(url: string, options: ReaderOptions): Promise<EventReader>;
}

/** Loaded only where it is used: the client and what it brings along take time and memory. */
const esdb: Adapter = {
  open: async (url, { prefix, payloadsBeside, log }) => {
    const { openEsdbStore } = await import('./esdb/store.ts');
    const onWaiting = (reason: string) => log?.warn({}, `waiting for the event store: ${reason}`);
    const onClockBehind = (ms: number) =>
      log?.warn(
        { ms },
        'the clock here is behind that of the event store, which appends allow for',
      );
    const awaitMs = Number.POSITIVE_INFINITY;
    return openEsdbStore(url, { prefix, payloadsBeside, awaitMs, onWaiting, onClockBehind });
  },
  openReader: async (url, { prefix }) => {
    const { openEsdbReader } = await import('./esdb/store.ts');
    return openEsdbReader(url, { prefix, awaitMs: Number.POSITIVE_INFINITY });
  },
};
const sqlite: Adapter = {
  open: async (_, options) => (await import('./sqlite/store.ts')).openSqliteStore(options),
  openReader: async (_, { dataDir }) =>
    (await import('./sqlite/reader.ts')).openSqliteReader(dataDir),
};
const memory: Adapter = { open: async () => createMemoryStore() };

/** Which adapter serves which URL; a new store is one file and one line here. */
const adapters: Readonly<Record<string, Adapter>> = {
  'sqlite:': sqlite,
  'memory:': memory,
  'esdb:': esdb,
  'esdb+discover:': esdb,
  'kurrentdb:': esdb,
  'kurrentdb+discover:': esdb,
};

const adapterOf = (url: string): Adapter => {
  const adapter = adapters[/^[a-z+]+:/.exec(url)?.[0] ?? ''];
  if (adapter === undefined) {
    const known = Object.keys(adapters).join(', ');
    throw new TriplineError('invalid-configuration', `a store URL begins with one of ${known}`);
  }
  return adapter;
};

export const openStore = async (url: string, options: StoreOptions): Promise<EventStore> =>
  readsFacts(await adapterOf(url).open(url, options));

/** A second view of the same log, for a thread that reads a lot. */
export const openReader = async (url: string, options: ReaderOptions): Promise<EventReader> => {
  const open = adapterOf(url).openReader;
  if (open === undefined) {
    throw new TriplineError('invalid-configuration', 'this store has no second reader');
  }
  return readsFacts(await open(url, options));
};
