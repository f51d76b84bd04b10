import { TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventStore } from './event-store.ts';
import { createMemoryStore } from './memory-store.ts';

export interface StoreOptions {
  /** Where the embedded store keeps its files. */
  readonly dataDir: string;
  readonly log?: Logger;
}

/** What a second thread needs of the log. */
export type EventReader = Pick<EventStore, 'readStream' | 'readAll' | 'subscribeAll' | 'close'>;

type Adapter = (url: string, options: StoreOptions) => Promise<EventStore>;

/** Loaded only where it is used: the client and what it brings along take time and memory. */
const openEsdb: Adapter = async (url) => (await import('./esdb-store.ts')).openEsdbStore(url);

/** Which adapter serves which URL; a new store is one file and one line here. */
const adapters: Readonly<Record<string, Adapter>> = {
  'memory:': async () => createMemoryStore(),
  'esdb:': openEsdb,
  'esdb+discover:': openEsdb,
  'kurrentdb:': openEsdb,
  'kurrentdb+discover:': openEsdb,
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
  adapterOf(url)(url, options);
