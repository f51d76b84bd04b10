import { TriplineError } from '../../domain/errors.ts';
import type { EventReader } from '../event-reader.ts';
import type { EventStore, Subscription } from '../event-store.ts';
import { createEsdbAdmin } from './admin.ts';
import { createEsdbAppends } from './append.ts';
import { appendsWithPayloads } from './appends-with-payloads.ts';
import { awaitServer } from './await-server.ts';
import { createEsdbConnection } from './connection.ts';
import { createPayloadReads, createPayloadStreams } from './payload-streams.ts';
import { forgetsPayloads, readsPayloads } from './payloads.ts';
import { createEsdbReads } from './read.ts';
import { serverAheadBy } from './server-clock.ts';
import { standardPrefix, streamNamesOf } from './stream-names.ts';
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

/** Clocks that are kept in time differ by less. */
const noticeableMs = 1_000;

export interface EsdbOptions extends Partial<EsdbTuning> {
  /** What the names of our streams begin with; `none`: nothing. */
  readonly prefix?: string | undefined;
  /** Whether every payload lies beside its record, where it can be forgotten, or only long ones. */
  readonly payloadsBeside?: boolean | undefined;
  /** How long a server that may still come is waited for; as long as for anything else where not given. */
  readonly awaitMs?: number;
  /** Told where the server's clock is ahead of ours by more than is to be expected. */
  readonly onClockBehind?: ((ms: number) => void) | undefined;
  /** Why it is being waited for, once for each reason. */
  readonly onWaiting?: ((reason: string) => void) | undefined;
}

const openParts = async (url: string, options: EsdbOptions) => {
  const { prefix = standardPrefix, awaitMs, onWaiting, ...others } = options;
  const { onClockBehind: _, payloadsBeside: __, ...changes } = others;
  const tuning: EsdbTuning = { ...standardTuning, ...changes };
  const names = streamNamesOf(prefix);
  const parsed = parseEsdbUrl(url);
  const connection = createEsdbConnection(parsed, tuning);
  const subscriptions = new Set<Subscription>();
  const reads = createEsdbReads(connection, tuning, names);
  const patience = { ...tuning, giveUpAfterMs: awaitMs ?? tuning.giveUpAfterMs };
  await awaitServer({ url: parsed, connection, reads, tuning: patience, onWaiting });
  const { readPayloads } = readsPayloads(reads, createPayloadReads(reads));
  const reader: EventReader = {
    readStream: reads.readStream,
    readAll: reads.readAll,
    readPayloads,
    subscribeAll: (options, handlers) => {
      if (connection.closed) throw new TriplineError('store-unavailable', 'the store is closed');
      const subscription = subscribeToLog(connection, names, options, handlers);
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
  return { parsed, connection, names, tuning, reads, reader };
};

/** For a thread that only reads: it may run beside a store in the same thread. */
export const openEsdbReader = async (
  url: string,
  options: EsdbOptions = {},
): Promise<EventReader> => (await openParts(url, options)).reader;

/** EventStoreDB or KurrentDB, 22.6 or later. Rejects where no server answers in time. */
export const openEsdbStore = async (
  url: string,
  options: EsdbOptions = {},
): Promise<EventStore> => {
  const shared = parseEsdbUrl(url).classicAppends === undefined;
  if (shared) claimSharedAppends();
  const free = (): void => {
    if (shared) sharedAppendsInUse = false;
  };
  try {
    const { parsed, connection, names, tuning, reads, reader } = await openParts(url, options);
    const { classicAppends: credentials, alone } = parsed;
    const look = { connection, reads, tuning, stream: names.clock };
    const aheadMs = alone ? await serverAheadBy({ ...look, credentials: alone }) : 0;
    if (aheadMs > noticeableMs) options.onClockBehind?.(aheadMs);
    const appends = createEsdbAppends({
      aheadMs,
      connection,
      reads,
      names,
      tuning,
      credentials,
    });
    let closing = false;
    const { tombstoneAnywhere, ...admin } = createEsdbAdmin(
      connection,
      reads,
      appends,
      names,
      tuning,
    );
    const streams = createPayloadStreams(appends.send, reads, tombstoneAnywhere);
    const besides = options.payloadsBeside ?? false;
    const { newId } = tuning;
    const append = appendsWithPayloads({ appends, streams, names, newId, besides });
    return {
      ...reader,
      ...admin,
      ...forgetsPayloads(reads, streams),
      exclusive: false,
      append: async (...call) => {
        if (closing) throw new TriplineError('store-unavailable', 'the store is closed');
        return append(...call);
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
