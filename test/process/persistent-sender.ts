import { setTimeout as wait } from 'node:timers/promises';
import { type GithubDelivery, githubDeliveries, post } from './github-deliveries.ts';

/** Sends until told to stop, and like a good sender repeats a delivery until it is acknowledged. */
export interface PersistentSender {
  /** Event ids of the deliveries that were answered with a success. */
  readonly acknowledged: ReadonlySet<string>;
  /** Statuses seen, with how often; 0 is a broken connection. */
  readonly statuses: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

export interface SenderOptions {
  /** Each gets its share of the deliveries. */
  readonly urls: readonly string[];
  readonly secret: string;
  readonly senders: number;
  readonly pauseMs: number;
}

export const startSender = (options: SenderOptions): PersistentSender => {
  const { urls, secret, senders, pauseMs } = options;
  const examples = githubDeliveries(120);
  const acknowledged = new Set<string>();
  const statuses = new Map<number, number>();
  let stopping = false;

  const deliver = async (url: string, delivery: GithubDelivery): Promise<void> => {
    for (;;) {
      const { status, eventId } = await post(url, delivery, secret);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (eventId !== null && status < 300) return void acknowledged.add(eventId);
      if (status !== 0 && status !== 503) throw new Error(`unexpected answer ${status}`);
      await wait(50);
    }
  };
  const send = async (index: number): Promise<void> => {
    for (let n = index; !stopping; n += senders) {
      const example = examples[n % examples.length];
      const url = urls[n % urls.length];
      if (example && url) await deliver(url, { ...example, id: `delivery-${n}` });
      await wait(pauseMs);
    }
  };
  const all = Promise.all(Array.from({ length: senders }, (_, index) => send(index)));
  // Looked at in `stop`; until then a failure must not count as unhandled.
  all.catch(() => undefined);
  return {
    acknowledged,
    statuses,
    async stop() {
      stopping = true;
      await all;
    },
  };
};
