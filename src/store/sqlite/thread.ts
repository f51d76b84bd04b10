import { parentPort, workerData } from 'node:worker_threads';
import { openEngine, type SqliteEngine } from './engine.ts';
import type { Reply, Request } from './protocol.ts';
import { toWire } from './wire-error.ts';

/** Without a request for so long there is time to tidy up. */
const idleMs = 100;

if (parentPort === null) throw new Error('the store runs in a thread of its own');
const port = parentPort;

const answerWith = (work: () => unknown): void => {
  let reply: Reply;
  try {
    reply = { value: work() };
  } catch (error) {
    reply = { error: toWire(error) };
  }
  port.postMessage(reply);
};

const serve = (engine: SqliteEngine): void => {
  const idle = setTimeout(() => engine.whenIdle(), idleMs).unref();
  port.on('message', (request: Request) => {
    if ('batch' in request) {
      answerWith(() => engine.append(request.batch, request.bytes));
      engine.whenDue();
      idle.refresh();
      return;
    }
    // The names of the calls are checked by the type on the sending side.
    const call = engine[request.call] as (...args: readonly unknown[]) => unknown;
    answerWith(() => call(...request.args));
    if (request.call === 'close') {
      clearTimeout(idle);
      port.close();
    }
  });
};

answerWith(() => {
  const { dataDir } = workerData as { dataDir: string };
  const engine = openEngine(dataDir);
  serve(engine);
  return { head: engine.head };
});
