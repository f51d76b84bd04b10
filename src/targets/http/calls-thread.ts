import { parentPort, workerData } from 'node:worker_threads';
import { SlotMap } from '../../domain/slot-map.ts';
import { Interrupter } from '../interrupter.ts';
import type { Ended, Order } from './calls-messages.ts';
import { createHttpTarget, type HttpTargetOptions } from './http-target.ts';
import { inBatches } from './in-batches.ts';

if (parentPort === null) throw new Error('the calls are made in a thread of their own');
const port = parentPort;

const target = createHttpTarget(workerData as HttpTargetOptions);
const underWay = new SlotMap<Interrupter>();
const tell = inBatches<Ended>((ended) => port.postMessage(ended));

const carryOut = async (order: Order): Promise<void> => {
  if (order.kind === 'interrupt') {
    underWay.get(order.id)?.interrupt();
    return;
  }
  if (order.kind === 'close') {
    await target.close();
    port.close();
    return;
  }
  const { id, url, body, headers, timeoutMs } = order;
  const interrupter = new Interrupter();
  underWay.set(id, interrupter);
  const outcome = await target.call({ url, body, headers, timeoutMs, interrupter });
  underWay.delete(id);
  tell({ id, outcome });
};

port.on('message', (orders: readonly Order[]) => {
  // What goes wrong here ends the thread, and that is told to whoever started it.
  for (const order of orders) void carryOut(order);
});
