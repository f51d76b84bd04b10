import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Fastify from 'fastify';
import { Agent } from 'undici';
import { serve } from './child.ts';

export type SketchHandlers = {
  listen: (input: { readonly dataDir: string; readonly target: number }) => Promise<number>;
};

type Row = readonly [id: string, type: string, data: string];

/** What waits together is one message, one transaction and one fsync. */
const openLog = (file: string): ((row: Row) => Promise<void>) => {
  const worker = new Worker(new URL('./sketch-log.js', import.meta.url), { workerData: file });
  let waiting: { readonly row: Row; readonly done: () => void }[] = [];
  let committing: typeof waiting = [];
  const commit = (): void => {
    if (committing.length > 0 || waiting.length === 0) return;
    committing = waiting;
    waiting = [];
    worker.postMessage(committing.map(({ row }) => row));
  };
  worker.on('message', () => {
    for (const { done } of committing.splice(0)) done();
    commit();
  });
  return (row) =>
    new Promise((done) => {
      waiting.push({ row, done });
      if (waiting.length === 1) setImmediate(commit);
    });
};

/**
 * The yardstick of the whole way: this design and nothing else. The event is on disk before the
 * 202, the call follows, its outcome is on disk. No signature, no routing, no state.
 */
const listen: SketchHandlers['listen'] = async ({ dataDir, target }) => {
  const append = openLog(join(dataDir, 'sketch.db'));
  const agent = new Agent({ connections: 64 });
  const call = async (id: string, payload: unknown): Promise<void> => {
    const { statusCode, body } = await agent.request({
      origin: `http://127.0.0.1:${target}`,
      path: '/',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify({ jobId: id, payload }),
    });
    await append([id, 'outcome', JSON.stringify({ statusCode, answer: await body.text() })]);
  };
  const app = Fastify();
  app.post('/hook', async (request, reply) => {
    const id = randomUUID();
    await append([id, 'arrived', JSON.stringify(request.body)]);
    call(id, request.body).catch((error: unknown) => console.error(error));
    return reply.code(202).send({ status: 'accepted', event_id: id });
  });
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
};

serve({ listen } satisfies SketchHandlers);
