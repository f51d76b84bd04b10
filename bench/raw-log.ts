import { once } from 'node:events';
import { type AppendQueue, createAppendQueue } from '../src/store/sqlite/append-queue.ts';
import type { AppendedGroup } from '../src/store/sqlite/protocol.ts';
import { spawnThread } from '../src/thread.ts';

/** An append-only file behind the very queue that the store has, so that only the store differs. */
export const openRawLog = (
  file: string,
): Pick<AppendQueue, 'append'> & { close(): Promise<void> } => {
  const worker = spawnThread(new URL('./raw-log-thread.ts', import.meta.url), { file });
  const waiting: ((group: AppendedGroup) => void)[] = [];
  worker.on('message', (group: AppendedGroup) => waiting.shift()?.(group));
  const queue = createAppendQueue({
    send: (items) => {
      worker.postMessage(items);
      return new Promise((resolve) => waiting.push(resolve));
    },
    onStored: () => {},
    onFailure: () => {},
  });
  return {
    append: queue.append,
    close: async () => {
      worker.postMessage('close');
      await once(worker, 'exit');
    },
  };
};
