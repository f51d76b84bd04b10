import { setImmediate as nextTurn } from 'node:timers/promises';
import { TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { EventStore } from '../store/event-store.ts';
import { spawnThread } from '../thread.ts';
import { textOfCapture } from './capture-text.ts';
import { snapshotFrom } from './snapshot-pages.ts';
import { type Method, type Reply, type Request, receivedError } from './thread-messages.ts';
import type { SharedViews, Views } from './views.ts';

interface Call {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The thread learns of new events at most this often, except when somebody waits for one. */
const announceEveryMs = 20;

export interface RemoteViewsOptions extends SharedViews {
  readonly store: Pick<EventStore, 'subscribeAll'>;
  readonly log: Logger;
  readonly onFatal: ((error: unknown) => void) | undefined;
}

/** The views in a thread of their own: their folding and writing never holds up the main thread. */
export const openRemoteViews = async (options: RemoteViewsOptions): Promise<Views> => {
  const { url, dataDir, prefix, file, store, log } = options;
  const data: SharedViews = { url, dataDir, prefix, file };
  const thread = spawnThread(new URL('./views-thread.ts', import.meta.url), data);
  const calls = new Map<number, Call>();
  let lastCall = 0;
  let failure: Error | undefined;
  let head: Position = beginning;
  let announced: Position = beginning;
  let timer: NodeJS.Timeout | undefined;

  const send = (request: Request): void => thread.postMessage(request);

  const announce = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (head <= announced) return;
    announced = head;
    send({ kind: 'advance', position: head });
  };

  const call = <Value>(method: Method, args: readonly unknown[]): Promise<Value> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      lastCall += 1;
      calls.set(lastCall, { resolve, reject });
      send({ kind: 'call', call: lastCall, method, args });
    });

  const stopFor = (error: Error): void => {
    failure ??= error;
    clearTimeout(timer);
    for (const { reject } of calls.values()) reject(failure);
    calls.clear();
  };

  const opened = new Promise<void>((resolve, reject) => {
    const receive = (reply: Reply): void => {
      switch (reply.kind) {
        case 'opened':
          resolve();
          break;
        case 'unopened':
          reject(receivedError(reply.error));
          break;
        case 'fatal':
          options.onFatal?.(receivedError(reply.error));
          break;
        case 'log':
          log[reply.level](reply.fields, reply.message);
          break;
        default:
          settle(reply);
      }
    };
    thread.on('message', receive);
    thread.once('error', (error) => {
      log.error({ err: error }, 'views thread failed');
      const gone = new TriplineError('store-unavailable', 'the views have stopped', {
        cause: error,
      });
      stopFor(gone);
      reject(gone);
      options.onFatal?.(error);
    });
    thread.once('exit', () => {
      const gone = new TriplineError('store-unavailable', 'the views are closed');
      stopFor(gone);
      reject(gone);
    });
  });

  function settle(reply: Extract<Reply, { kind: 'answer' | 'refusal' }>): void {
    const waiting = calls.get(reply.call);
    calls.delete(reply.call);
    if (reply.kind === 'answer') waiting?.resolve(reply.value as never);
    else waiting?.reject(receivedError(reply.error));
  }

  /** What is asked for by its position is announced before the question, not when it is time. */
  const askAbout = <Value>(
    position: Position | undefined,
    method: Method,
    args: readonly unknown[],
  ): Promise<Value> => {
    if (position !== undefined && position > head) head = position;
    announce();
    return call(method, args);
  };

  await opened;
  const tail = store.subscribeAll(
    { from: 'end' },
    {
      onEvents: (events) => {
        head = events.at(-1)?.position ?? head;
        timer ??= setTimeout(announce, announceEveryMs);
      },
    },
  );

  return {
    shared: data,
    reached: (position, deadlineMs) => askAbout(position, 'reached', [position, deadlineMs]),
    get: (name, key, seen) => askAbout(seen, 'get', [name, key, seen]),
    find: (name, query, seen) => askAbout(seen, 'find', [name, query, seen]),
    count: (name, query, seen) => askAbout(seen, 'count', [name, query, seen]),
    audit: (query, seen) => askAbout(seen, 'audit', [query, seen]),
    loadSnapshot: () => snapshotFrom((after) => call('snapshotPage', [after])),
    saveSnapshot: async (capture) => {
      const text = await textOfCapture(capture, nextTurn);
      await askAbout(capture.position, 'saveSnapshotText', [text]);
    },
    stats: () => call('stats', []),
    close: async () => {
      if (failure !== undefined) return;
      await tail.unsubscribe();
      const exited = new Promise((resolve) => thread.once('exit', resolve));
      await call('close', []);
      await exited;
    },
  };
};
