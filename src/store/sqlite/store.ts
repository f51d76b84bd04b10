import type { Worker } from 'node:worker_threads';
import { TriplineError } from '../../domain/errors.ts';
import { type Logger, silentLogger } from '../../domain/logger.ts';
import { spawnThread } from '../../thread.ts';
import { checkStreamName } from '../append-limits.ts';
import type { EventStore, StreamMetadata } from '../event-store.ts';
import { checkSubscribeFrom, ordinalOf, positionOf } from '../log-ordinal.ts';
import { createLogTail } from '../log-tail.ts';
import { createAppendQueue } from './append-queue.ts';
import { eventsIn, type FlatRows } from './flat-rows.ts';
import { longPayloadOf, packed, piecesOfPayload } from './packed-payloads.ts';
import type { StoredPart } from './payload-table.ts';
import type { AppendedGroup, Call, Opened } from './protocol.ts';
import type { ServedStore } from './serve-store.ts';
import { createLink } from './store-link.ts';
import { type IndexSizes, standardSizes } from './stream-index/index-sizes.ts';

interface SqliteOptions {
  readonly dataDir: string;
  readonly log?: Logger;
  /** Tests choose small ones, so that the index has work to do with few events. */
  readonly indexSizes?: IndexSizes;
  /** Starts what serves the store; a thread of its own unless a test wants all of it in one. */
  readonly start?: (store: ServedStore) => StoreServer;
}

export type StoreServer = Pick<Worker, 'on' | 'once' | 'postMessage' | 'terminate'>;

const startThread = (store: ServedStore): StoreServer =>
  spawnThread(new URL('./thread.ts', import.meta.url), store);

const closedError = (): TriplineError =>
  new TriplineError('store-unavailable', 'the store is closed');

/**
 * The embedded store: SQLite in a thread of its own. An append is acknowledged after the fsync of
 * the group it was written with; after any failed write nothing is acknowledged any more.
 */
export const openSqliteStore = async ({
  dataDir,
  log = silentLogger,
  indexSizes = standardSizes,
  start = startThread,
}: SqliteOptions): Promise<EventStore> => {
  const server = start({ dataDir, indexSizes });
  const link = createLink(server);
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => {
      fail(new TriplineError('store-failed', "the store's thread has ended"));
      resolve();
    });
  });
  let state: 'open' | 'closed' | 'failed' = 'open';
  let failure: Error = closedError();

  const fail = (reason: Error): void => {
    if (state !== 'open') return;
    state = 'failed';
    failure = reason;
    log.error({ err: reason, dataDir }, 'store failed');
    queue.fail(reason);
    link.fail(reason);
    void tail?.end(reason);
  };
  const queue = createAppendQueue({
    send: (batch, bytes, payloads) => {
      const long = longPayloadOf(payloads);
      if (long !== undefined)
        return link.askInPieces<AppendedGroup>(piecesOfPayload(long), {
          batch,
          bytes,
          payloads: undefined,
        });
      const all = packed(payloads);
      return link.ask<AppendedGroup>({ batch, bytes, payloads: all }, all && [all.buffer]);
    },
    onStored: (events) => tail?.publish(events),
    onFailure: fail,
  });
  server.on('error', (error) => {
    fail(new TriplineError('store-failed', `the store's thread died: ${error}`, { cause: error }));
  });
  let tail: ReturnType<typeof createLogTail> | undefined;

  const call = async <T>(name: Call, ...args: readonly unknown[]): Promise<T> => {
    if (state !== 'open') throw failure;
    queue.flush();
    return link.ask<T>({ call: name, args });
  };
  const eventsOf = async (name: Call, ...args: readonly unknown[]) =>
    eventsIn(await call<FlatRows>(name, ...args));

  const { head } = await link.expectReply<Opened>().catch((reason: Error) => {
    state = 'closed';
    throw reason;
  });
  tail = createLogTail({
    head: positionOf(head),
    readAfter: (position, maxCount) => eventsOf('readAfter', ordinalOf(position), maxCount),
    readsElsewhere: true,
  });
  const followers = tail;

  return {
    exclusive: true,
    append: (stream, expected, events) =>
      state === 'open' ? queue.append(stream, expected, events) : Promise.reject(failure),
    readStream: (stream, options = {}) => eventsOf('readStream', stream, options),
    readAll: (options = {}) => eventsOf('readAll', options),
    subscribeAll: (options, handlers) => {
      if (state !== 'open') throw failure;
      checkSubscribeFrom(options);
      return followers.subscribe(options, handlers);
    },
    readPayloads: async (ranges, maxBytes) => {
      const parts = await call<readonly (StoredPart | undefined)[]>(
        'readPayloads',
        ranges,
        maxBytes,
      );
      return parts.map((part) => part && { ...part, forgettable: true });
    },
    forgetPayloads: (positions) => call('forgetPayloads', positions),
    setStreamMetadata: async (stream, metadata) => {
      checkStreamName(stream);
      await call('setStreamMetadata', stream, metadata);
    },
    getStreamMetadata: (stream) => call<StreamMetadata>('getStreamMetadata', stream),
    deleteStream: async (stream, expected) => {
      checkStreamName(stream);
      await call('remove', stream, expected, false);
    },
    tombstoneStream: async (stream, expected) => {
      checkStreamName(stream);
      await call('remove', stream, expected, true);
    },
    close: async () => {
      if (state === 'failed') await server.terminate();
      if (state !== 'open') return;
      await followers.end();
      const closing = call('close');
      state = 'closed';
      await closing;
      await exited;
    },
  };
};
