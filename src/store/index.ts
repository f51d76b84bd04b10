import { TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventReader } from './event-reader.ts';
import type { EventStore } from './event-store.ts';
import { createMemoryStore } from './memory-store.ts';

export interface StoreOptions {
  /** Where the embedded store keeps its files. */
  readonly dataDir: string;
  readonly log?: Logger;
}

export type { EventReader };

interface Adapter {
  open(url: string, options: StoreOptions): Promise<EventStore>;
  /** Missing where nobody but the store itself can see the log. */
  openReader?(url: string, options: Pick<StoreOptions, 'dataDir'>): Promise<EventReader>;
}

/** Loaded only where it is used: the client and what it brings along take time and memory. */
const esdb: Adapter = {
  open: async (url) => (await import('./esdb/store.ts')).openEsdbStore(url),
  openReader: async (url) => (await import('./esdb/store.ts')).openEsdbReader(url),
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
  adapterOf(url).open(url, options);

/** A second view of the same log, for a thread that reads a lot. */
export const openReader = async (
  url: string,
  options: Pick<StoreOptions, 'dataDir'>,
): Promise<EventReader> => {
  const open = adapterOf(url).openReader;
  if (open === undefined) {
    throw new TriplineError('invalid-configuration', 'this store has no second reader');
  }
  return open(url, options);
};
