import { TriplineError } from '../../domain/errors.ts';
import { createEsdbClient, type EsdbClient } from './client.ts';
import { within } from './deadline.ts';
import type { EsdbTuning } from './tuning.ts';
import type { EsdbEndpoint, EsdbUrl } from './url.ts';

/** One client from its first answer to its retirement. */
export interface EsdbSession {
  readonly client: EsdbClient['client'];
  /** Aborted when the client is given up, and every call on it with it. */
  readonly over: AbortSignal;
}

export interface EsdbConnection {
  readonly closed: boolean;
  /** Rejects with `store-unavailable` where no server answers; nothing was sent then. */
  session(): Promise<EsdbSession>;
  /** Gives a failed session up. The next one goes to the node named, once, or where the URL says. */
  renew(failed: EsdbSession, node?: EsdbEndpoint): Promise<void>;
  close(): Promise<void>;
}

/** How long a client may take to cancel what is under way. */
const retireTimeoutMs = 2_000;

/**
 * Holds the one live client there may be. A failed client is never used again, because it keeps a
 * failed discovery for good, and its successor starts only when it is retired, because both share
 * one table of pending appends.
 */
export const createEsdbConnection = (url: EsdbUrl, tuning: EsdbTuning): EsdbConnection => {
  let closed = false;
  let current: Promise<EsdbSession> | undefined;
  let retiring: Promise<void> = Promise.resolve();
  let leader: EsdbEndpoint | undefined;
  const ends = new WeakMap<EsdbSession, () => Promise<void>>();

  const retire = (client: EsdbClient): Promise<void> =>
    within(tuning.clock, retireTimeoutMs, 'a cancellation', client.retire()).catch(() => {});

  const start = async (): Promise<EsdbSession> => {
    await retiring;
    const client = createEsdbClient(url.connectionString(leader));
    leader = undefined;
    try {
      await within(tuning.clock, tuning.connectTimeoutMs, 'the first call', client.ready);
    } catch (cause) {
      await retire(client);
      throw new TriplineError('store-unavailable', 'the event store does not answer', { cause });
    }
    const over = new AbortController();
    const session = { client: client.client, over: over.signal };
    ends.set(session, () => {
      over.abort();
      return retire(client);
    });
    return session;
  };

  const session = (): Promise<EsdbSession> => {
    if (closed) throw new TriplineError('store-unavailable', 'the store is closed');
    current ??= start().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    return current;
  };

  return {
    get closed() {
      return closed;
    },
    session: async () => session(),
    renew: async (failed, node) => {
      if (failed.over.aborted) return retiring;
      current = undefined;
      leader = node;
      retiring = ends.get(failed)?.() ?? retiring;
      await retiring;
    },
    close: async () => {
      closed = true;
      const last = await current?.catch(() => undefined);
      if (last !== undefined && !last.over.aborted) await ends.get(last)?.();
      await retiring;
    },
  };
};
