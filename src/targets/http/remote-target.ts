import {
  type CallOutcome,
  failedCall,
  shutdownOutcome,
  unanswered,
} from '../../domain/invocation/outcome.ts';
import { SlotMap } from '../../domain/slot-map.ts';
import { spawnThread } from '../../thread.ts';
import type { CallTarget, TargetType } from '../target.ts';
import type { Ended, Order } from './calls-messages.ts';
import type { HttpTargetOptions } from './http-target.ts';
import { inBatches } from './in-batches.ts';

const gone = 'the thread that makes the calls has ended';
const notCalled = failedCall(unanswered('internal', gone));
const cutOff = failedCall(unanswered('internal', `${gone}; the target may have been called`));

const bytesToHandOver = (order: Order): ArrayBuffer[] =>
  order.kind === 'call' && typeof order.body !== 'string' ? [order.body.bytes.buffer] : [];

/**
 * Calls HTTP endpoints from a thread of its own: connections, TLS and slow answers are no business
 * of the thread that takes events in. If it ends by itself, `onFailed` hears why and every call of
 * it has failed.
 */
export const createRemoteTarget = (
  options: HttpTargetOptions,
  onFailed: (error: unknown) => void,
): CallTarget => {
  const thread = spawnThread(new URL('./calls-thread.ts', import.meta.url), options);
  const waiting = new SlotMap<(outcome: CallOutcome) => void>();
  let state: 'open' | 'closing' | 'failed' = 'open';
  let calls = 0;

  const order = inBatches<Order>((orders) =>
    thread.postMessage(orders, orders.flatMap(bytesToHandOver)),
  );
  const settle = (id: string, outcome: CallOutcome): void => {
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(outcome);
  };
  const fail = (error: unknown): void => {
    if (state !== 'open') return;
    state = 'failed';
    onFailed(error);
  };

  thread.on('message', (ended: readonly Ended[]) => {
    for (const { id, outcome } of ended) settle(id, outcome);
  });
  thread.once('error', fail);
  const exited = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      fail(new Error(gone));
      for (const id of [...waiting.keys()]) settle(id, cutOff);
      resolve();
    });
  });

  return {
    call: ({ url, body, headers, timeoutMs, interrupter }) => {
      if (interrupter?.interrupted) return Promise.resolve(shutdownOutcome);
      if (state !== 'open') return Promise.resolve(notCalled);
      calls += 1;
      const id = String(calls);
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        order({ kind: 'call', id, url, body, headers, timeoutMs });
        interrupter?.listen(() => order({ kind: 'interrupt', id }));
      });
    },
    close: () => {
      if (state === 'open') {
        state = 'closing';
        order({ kind: 'close' });
      }
      return exited;
    },
  };
};

export const http: TargetType = {
  type: 'http',
  open: ({ allowPrivate, onFailed }) => createRemoteTarget({ allowPrivate }, onFailed),
};
