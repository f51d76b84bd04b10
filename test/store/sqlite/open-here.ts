import { MessageChannel } from 'node:worker_threads';
import type { EventStore } from '../../../src/store/event-store.ts';
import { type ServedStore, serveStore } from '../../../src/store/sqlite/serve-store.ts';
import { openSqliteStore, type StoreServer } from '../../../src/store/sqlite/store.ts';

/** Between both ends of a channel, as between two threads. */
const startHere = (store: ServedStore): StoreServer => {
  const { port1, port2 } = new MessageChannel();
  serveStore(port2, store);
  const named = (event: string): string => (event === 'exit' ? 'close' : event);
  const on = (event: string, listener: (value: unknown) => void) =>
    port1.on(named(event), listener);
  const once = (event: string, listener: (value: unknown) => void) =>
    port1.once(named(event), listener);
  const terminate = async (): Promise<number> => {
    port1.close();
    return 0;
  };
  const postMessage = (value: unknown, handedOver: ArrayBuffer[]): void =>
    port1.postMessage(value, handedOver);
  return { on, once, postMessage, terminate } as unknown as StoreServer;
};

/** The embedded store with both of its halves in this thread: quick to open, and all at hand. */
export const openSqliteHere = (
  options: Omit<Parameters<typeof openSqliteStore>[0], 'start'>,
): Promise<EventStore> => openSqliteStore({ ...options, start: startHere });
