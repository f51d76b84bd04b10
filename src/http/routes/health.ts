import { z } from 'zod';
import { notFound, type Resource, type RouteDeps, typed } from './route.ts';

const tags = ['server'];
const open = { public: true } as const;
const Health = z.object({
  status: z.string(),
  trigger_id: z.string().optional(),
  queue_size: z.number().optional(),
});
const response = { 200: Health, 503: Health };

const ofServer = ({ ready }: RouteDeps) => {
  const healthy = ready();
  return { healthy, status: healthy ? 'healthy' : 'not ready' };
};

const ofTrigger = ({ engine }: RouteDeps, id: string) => {
  const trigger = engine.registry.triggerById(id);
  if (!trigger) throw notFound('trigger');
  const healthy = trigger.status !== 'paused';
  const status = healthy ? 'healthy' : 'stopped';
  return { healthy, status, trigger_id: id, queue_size: engine.backlog.sizeOf(id) };
};

/** For whoever watches the process; no token, because trigger ids cannot be guessed. */
export const health: Resource = (deps, plain) => {
  const app = typed(plain);

  app.get(
    '/health',
    {
      config: open,
      schema: {
        tags,
        summary: 'How the server or one trigger is',
        querystring: z.object({ trigger_id: z.string().optional() }),
        response,
      },
    },
    async ({ query: { trigger_id } }, reply) => {
      const { healthy, ...state } =
        trigger_id === undefined ? ofServer(deps) : ofTrigger(deps, trigger_id);
      return reply.code(healthy ? 200 : 503).send(state);
    },
  );

  app.get(
    '/health/live',
    { config: open, schema: { tags, summary: 'Whether the process runs', response } },
    async () => ({ status: 'live' }),
  );

  app.get(
    '/health/ready',
    { config: open, schema: { tags, summary: 'Whether to send work here', response } },
    async (_, reply) => {
      if (deps.ready()) return { status: 'ready' };
      return reply.code(503).header('retry-after', 1).send({ status: 'not ready' });
    },
  );
};
