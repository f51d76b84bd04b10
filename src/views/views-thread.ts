import { parentPort, workerData } from 'node:worker_threads';
import { systemChance } from '../domain/chance.ts';
import { systemClock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { openReader } from '../store/index.ts';
import { giveWay } from '../thread.ts';
import { captureOfText } from './capture-text.ts';
import { type Reply, type Request, sentError, type ThreadViews } from './thread-messages.ts';
import { openViewEngine } from './view-engine.ts';
import type { SharedViews } from './views.ts';

/** What is read may be a moment late, what comes in may not. */
giveWay(10);

const send = (reply: Reply): void => parentPort?.postMessage(reply);

const logAt =
  (level: keyof Logger): Logger[keyof Logger] =>
  (fields, message) =>
    send({ kind: 'log', level, fields, message });
const log: Logger = {
  debug: logAt('debug'),
  info: logAt('info'),
  warn: logAt('warn'),
  error: logAt('error'),
};

/** Bodies are parsed on first use; a copy for another thread must have them. */
const plainEvent = (event: StoredEvent): StoredEvent => ({
  id: event.id,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  type: event.type,
  data: event.data,
  metadata: event.metadata,
  recordedAt: event.recordedAt,
});

const open = async () => {
  const { url, dataDir, prefix, file } = workerData as SharedViews;
  const reader = await openReader(url, { dataDir, prefix });
  const { random } = systemChance;
  const onFatal = (error: unknown) => send({ kind: 'fatal', error: sentError(error) });
  const clock = systemClock;
  const engine = await openViewEngine({ reader, file, log, clock, random, onFatal });
  const views: ThreadViews = {
    ...engine,
    saveSnapshotText: (capture) => engine.saveSnapshot(captureOfText(capture)),
    audit: async (query, seen) => {
      const { events, next } = await engine.audit(query, seen);
      return { events: events.map(plainEvent), next };
    },
    close: async () => {
      await engine.close();
      await reader.close();
    },
  };

  const answer = async ({ call, method, args }: Extract<Request, { kind: 'call' }>) => {
    try {
      const ask = views[method] as (...args: readonly unknown[]) => Promise<unknown>;
      send({ kind: 'answer', call, value: await ask(...args) });
    } catch (error) {
      send({ kind: 'refusal', call, error: sentError(error) });
    }
    if (method === 'close') parentPort?.close();
  };
  parentPort?.on('message', (request: Request) => {
    if (request.kind === 'advance') reader.advance?.(request.position);
    else void answer(request);
  });
  send({ kind: 'opened' });
};

open().catch((error: unknown) => {
  send({ kind: 'unopened', error: sentError(error) });
  parentPort?.close();
});
