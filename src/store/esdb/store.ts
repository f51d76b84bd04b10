import { TriplineError } from '../../domain/errors.ts';
import type { EventReader } from '../event-reader.ts';
import type { EventStore, Subscription } from '../event-store.ts';
import { createEsdbAdmin } from './admin.ts';
import { createEsdbAppends } from './append.ts';
import { createEsdbConnection, type EsdbConnection } from './connection.ts';
import { persist, unavailable } from './persistence.ts';
import { createEsdbReads } from './read.ts';
import { subscribeToLog } from './subscription.ts';
import { type EsdbTuning, standardTuning } from './tuning.ts';
import { parseEsdbUrl } from './url.ts';

/**
 * The client keeps pending appends in one table per thread: an append stream that fails rejects the
 * appends of every other client, though they are stored, and their replies then end the process.
 */
let sharedAppendsInUse = false;

const claimSharedAppends = (): void => {
  if (sharedAppendsInUse) {
    throw new TriplineError(
      'invalid-configuration',
      'a thread can open one event store at a time, unless its URL says appendPath=classic',
    );
  }
  sharedAppendsInUse = true;
};

/** Waits for the server as long as for anything else, so that both may be started together. */
const awaitServer = (connection: EsdbConnection, tuning: EsdbTuning): Promise<true> =>
  persist<true>(connection, tuning, {
    subject: 'the store',
    run: async () => true,
    rejected: async (rejection) => {
      if (rejection.kind === 'refused') throw rejection.error;
      return undefined;
    },
    exhausted: unavailable,
  });

const openParts = async (url: string, tuning: EsdbTuning) => {
  const parsed = parseEsdbUrl(url);
  const connection = createEsdbConnection(parsed, tuning);
  const subscriptions = new Set<Subscription>();
  const reads = createEsdbReads(connection, tuning);
  await awaitServer(connection, tuning);
  const reader: EventReader = {
    readStream: reads.readStream,
    readAll: reads.readAll,
    subscribeAll: (options, handlers) => {
      if (connection.closed) throw new TriplineError('store-unavailable', 'the store is closed');
      const subscription = subscribeToLog(connection, options, handlers);
      subscriptions.add(subscription);
      return {
        unsubscribe: () => {
          subscriptions.delete(subscription);
          return subscription.unsubscribe();
        },
      };
    },
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.unsubscribe()));
      await connection.close();
    },
  };
  return { parsed, connection, reads, reader };
};

/** For a thread that only reads: it may run beside a store in the same thread. */
export const openEsdbReader = async (
  url: string,
  tuning: Partial<EsdbTuning> = {},
): Promise<EventReader> => (await openParts(url, { ...standardTuning, ...tuning })).reader;

/** EventStoreDB or KurrentDB, 22.6 or later. Rejects where no server answers in time. */
export const openEsdbStore = async (
  url: string,
  changes: Partial<EsdbTuning> = {},
): Promise<EventStore> => {
  const tuning = { ...standardTuning, ...changes };
  const shared = parseEsdbUrl(url).classicAppends === undefined;
  if (shared) claimSharedAppends();
  const free = (): void => {
    if (shared) sharedAppendsInUse = false;
  };
  try {
    const { parsed, connection, reads, reader } = await openParts(url, tuning);
    const appends = createEsdbAppends({
      connection,
      reads,
      tuning,
      credentials: parsed.classicAppends,
    });
    let closing = false;
    const admin = createEsdbAdmin(connection, reads, appends, tuning);
    return {
      ...reader,
      ...admin,
      exclusive: false,
      append: async (...call) => {
        if (closing) throw new TriplineError('store-unavailable', 'the store is closed');
        return appends.append(...call);
      },
      close: async () => {
        closing = true;
        await appends.idle();
        await reader.close();
        free();
      },
    };
  } catch (error) {
    free();
    throw error;
  }
};
