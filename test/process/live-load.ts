import { setTimeout as wait } from 'node:timers/promises';
import type { Api } from './api.ts';

/**
 * Publishes messages until it is told to stop, through kills as well: what was not acknowledged is sent
 * again under its id.
 */
export const startLiveLoad = (topic: string, api: () => Api, senders: number) => {
  let sent = 0;
  let isStopping = false;

  const publish = async (id: string): Promise<void> => {
    for (;;) {
      const message = { topic, sender: 'load', message_id: id, content: { id } };
      const answer = await api()
        .answer('POST', 'messages', message)
        .catch(() => undefined);
      if (answer?.status === 202) return;
      if (answer !== undefined && answer.status < 500)
        throw new Error(`unexpected answer ${answer.status}`);
      await wait(20);
    }
  };
  const send = async (): Promise<void> => {
    while (!isStopping) {
      sent += 1;
      await publish(`load-${sent}`);
      await wait(5);
    }
  };
  const all = Promise.all(Array.from({ length: senders }, send));
  // Looked at in `stop`; until then a failure must not count as unhandled.
  all.catch(() => undefined);
  return {
    /** Resolves with how many were acknowledged in all. */
    async stop(): Promise<number> {
      isStopping = true;
      await all;
      return sent;
    },
  };
};
