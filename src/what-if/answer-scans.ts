import { parentPort, workerData } from 'node:worker_threads';
import { type EventReader, openReader } from '../store/index.ts';
import { triggerKinds } from '../triggers/index.ts';
import { openArrivalFile } from '../views/arrival-file.ts';
import { sentError } from '../views/thread-messages.ts';
import { createScan, type Scan } from './scan.ts';
import type { Reply, Request, ScanData } from './thread-messages.ts';

if (parentPort === null) throw new Error('arrivals are scanned in a thread of its own');
const port = parentPort;

const { url, dataDir, prefix, file, range, supposed } = workerData as ScanData;
let scan: Scan | undefined;

let log: Promise<EventReader> | undefined;
const openLog = (): Promise<EventReader> => {
  log ??= openReader(url, { dataDir, prefix });
  return log;
};

const answer = async ({ limit }: Request): Promise<Reply> => {
  try {
    scan ??= createScan(
      openArrivalFile(file, range, supposed.trigger.triggerId),
      supposed,
      triggerKinds,
      openLog,
    );
    return { kind: 'portion', portion: await scan.next(limit) };
  } catch (error) {
    return { kind: 'failed', error: sentError(error) };
  }
};

port.on('message', (request: Request) => {
  void answer(request).then((reply) => port.postMessage(reply));
});
