import Fastify from 'fastify';
import { serve } from './child.ts';

export type BareHandlers = { listen: () => Promise<number> };

/** The yardstick of ingest: the same body parsed by the same framework, nothing checked or stored. */
const listen = async (): Promise<number> => {
  const app = Fastify();
  app.post('/hook', (_request, reply) => reply.code(202).send({ status: 'accepted' }));
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
};

serve({ listen } satisfies BareHandlers);
