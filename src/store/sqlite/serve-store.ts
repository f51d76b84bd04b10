import type { MessagePort } from 'node:worker_threads';
import { letGo } from '../../let-go.ts';
import { openEngine, type SqliteEngine } from './engine.ts';
import type { StoredPart } from './payload-table.ts';
import type { Reply, Request } from './protocol.ts';
import type { IndexSizes } from './stream-index/index-sizes.ts';
import { toWire } from './wire-error.ts';

/** Without a request for so long there is time to tidy up. */
const idleMs = 100;

export interface ServedStore {
  readonly dataDir: string;
  readonly indexSizes: IndexSizes;
}

/** Payloads that were read are the reader's. */
const bytesToHandOver = (value: unknown): ArrayBuffer[] =>
  Array.isArray(value)
    ? value.flatMap((part: Partial<StoredPart> | undefined) =>
        part?.bytes === undefined ? [] : (part.bytes.buffer as ArrayBuffer),
      )
    : [];

const answerTo =
  (port: MessagePort) =>
  (work: () => unknown): void => {
    let reply: Reply;
    try {
      reply = { value: work() };
    } catch (error) {
      reply = { error: toWire(error) };
    }
    port.postMessage(reply, 'value' in reply ? bytesToHandOver(reply.value) : []);
  };

const serve = (port: MessagePort, engine: SqliteEngine): void => {
  const answerWith = answerTo(port);
  const idle = setTimeout(() => {
    if (engine.whenIdle()) idle.refresh();
  }, idleMs).unref();
  port.on('message', (request: Request) => {
    if ('piece' in request) {
      answerWith(() => engine.take(request.piece));
      letGo(request.piece);
      idle.refresh();
      return;
    }
    if ('batch' in request) {
      answerWith(() => engine.append(request.batch, request.bytes, request.payloads));
      engine.whenDue();
      idle.refresh();
      return;
    }
    // The names of the calls are checked by the type on the sending side.
    const call = engine[request.call] as (...args: readonly unknown[]) => unknown;
    answerWith(() => call(...request.args));
    if (request.call !== 'close') {
      idle.refresh();
      return;
    }
    clearTimeout(idle);
    port.close();
  });
};

/** Opens the store and answers what comes over the port, one request after the other, until it is closed. */
export const serveStore = (port: MessagePort, { dataDir, indexSizes }: ServedStore): void =>
  answerTo(port)(() => {
    const engine = openEngine(dataDir, { indexSizes });
    serve(port, engine);
    return { head: engine.head };
  });
