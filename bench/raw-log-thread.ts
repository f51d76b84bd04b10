import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { eventFields } from '../src/store/sqlite/append-batch.ts';

/** The yardstick: the same groups, written as lines to a file, one fdatasync per group. */
const file = openSync((workerData as { file: string }).file, 'a');
let position = 0;

const write = (batch: readonly (string | number)[]): number[] => {
  const outcomes: number[] = [];
  let text = '';
  for (let at = 0; at < batch.length; ) {
    const end = at + 3 + (batch[at + 2] as number) * eventFields;
    text += batch[at];
    for (let field = at + 1; field < end; field += 1) text += `\t${batch[field]}`;
    text += '\n';
    position += batch[at + 2] as number;
    outcomes.push(0, 0, position);
    at = end;
  }
  writeSync(file, text);
  fdatasyncSync(file);
  return outcomes;
};

parentPort?.on('message', (batch: readonly (string | number)[] | 'close') => {
  if (batch === 'close') {
    closeSync(file);
    parentPort?.close();
    return;
  }
  parentPort?.postMessage({ outcomes: write(batch), recordedAt: Date.now() });
});
