import { TriplineError } from '../domain/errors.ts';
import { spawnThread } from '../thread.ts';
import { receivedError } from '../views/thread-messages.ts';
import type { JudgedPortion } from './judge.ts';
import type { Scan } from './scan.ts';
import type { Reply, Request, ScanData } from './thread-messages.ts';

export interface OpenScan extends Scan {
  /** At once, whatever it is doing; whoever waits for a portion is refused with `error`. */
  close(error: Error): Promise<void>;
}

interface Waiting {
  readonly resolve: (portion: JudgedPortion | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Scans the views' file in a thread of its own, which lasts as long as the scan is open. */
export const openRemoteScan = (data: ScanData): OpenScan => {
  const thread = spawnThread(new URL('./what-if-thread.ts', import.meta.url), data);
  let waiting: Waiting | undefined;
  let failure: Error | undefined;

  const stopFor = (error: Error): void => {
    failure ??= error;
    waiting?.reject(failure);
    waiting = undefined;
  };

  thread.on('message', (reply: Reply) => {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (reply.kind === 'portion') resolve?.(reply.portion);
    else reject?.(receivedError(reply.error));
  });
  thread.once('error', stopFor);
  thread.once('exit', () => stopFor(new TriplineError('internal', 'the thread has ended')));

  return {
    next: (limit) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        waiting = { resolve, reject };
        thread.postMessage({ limit } satisfies Request);
      }),
    close: async (error) => {
      stopFor(error);
      await thread.terminate();
    },
  };
};
