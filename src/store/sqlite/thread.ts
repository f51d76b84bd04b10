import { parentPort, workerData } from 'node:worker_threads';
import { type ServedStore, serveStore } from './serve-store.ts';

if (parentPort === null) throw new Error('the store runs in a thread of its own');
serveStore(parentPort, workerData as ServedStore);
