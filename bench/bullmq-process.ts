import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { Agent } from 'undici';
import { bullMq, connectionTo } from './bullmq.ts';
import { serve } from './child.ts';

export type BullmqHandlers = {
  /** Takes events in, and gives them to the queue; resolves with the port. */
  listen: (input: { readonly socket: string }) => Promise<number>;
  /** Makes the calls, in a process of its own. */
  work: (input: { readonly socket: string; readonly target: number }) => void;
};

const queueName = 'bench';
/** With 1 000, as many as Tripline's trigger may run at once, it does half as much. */
const concurrency = 64;

/** What one writes with BullMQ for the same: on disk before the 202, called, its outcome on disk. */
const listen: BullmqHandlers['listen'] = async ({ socket }) => {
  const { Queue } = bullMq();
  const queue = new Queue(queueName, { connection: connectionTo(socket) });
  const app = Fastify();
  app.post('/hook', async (request, reply) => {
    const id = randomUUID();
    await queue.add('call', request.body, { jobId: id });
    return reply.code(202).send({ status: 'accepted', event_id: id });
  });
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
};

const work: BullmqHandlers['work'] = ({ socket, target }) => {
  const { Worker } = bullMq();
  const agent = new Agent();
  new Worker(
    queueName,
    async ({ id = '', data }) => {
      const { statusCode, body } = await agent.request({
        origin: `http://127.0.0.1:${target}`,
        path: '/',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': id },
        body: JSON.stringify({ jobId: id, payload: data }),
      });
      return { statusCode, answer: await body.text() };
    },
    { connection: connectionTo(socket), concurrency },
  );
};

serve({ listen, work } satisfies BullmqHandlers);
