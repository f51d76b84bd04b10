import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AppendQueue } from '../src/store/sqlite/append-queue.ts';
import type { AppendedGroup } from '../src/store/sqlite/protocol.ts';
import { built } from './built.ts';

/** An append-only file behind the very queue that the store has, so that only the store differs. */
export const openRawLog = async (
  path: string,
): Promise<Pick<AppendQueue, 'append'> & { close(): Promise<void> }> => {
  const { createAppendQueue } = await built<typeof import('../src/store/sqlite/append-queue.ts')>(
    'store/sqlite/append-queue',
  );
  const { eventFields } = await built<typeof import('../src/store/sqlite/append-batch.ts')>(
    'store/sqlite/append-batch',
  );
  const worker = new Worker(new URL('./raw-log-thread.js', import.meta.url), {
    workerData: { path, eventFields },
  });
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
