import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** The yardstick: the same groups, written as lines to a file, one fdatasync per group. */
const { path, eventFields } = workerData;
const file = openSync(path, 'a');
let position = 0;

const write = (batch) => {
  const outcomes = [];
  let text = '';
  for (let at = 0; at < batch.length; ) {
    const end = at + 3 + batch[at + 2] * eventFields;
    text += batch[at];
    for (let field = at + 1; field < end; field += 1) text += `\t${batch[field]}`;
    text += '\n';
    position += batch[at + 2];
    outcomes.push(0, 0, position);
    at = end;
  }
  writeSync(file, text);
  fdatasyncSync(file);
  return outcomes;
};

parentPort?.on('message', (batch) => {
  if (batch === 'close') {
    closeSync(file);
    parentPort?.close();
    return;
  }
  parentPort?.postMessage({ outcomes: write(batch), recordedAt: Date.now() });
});
