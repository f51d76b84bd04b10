import { z } from 'zod';
import type { TriggerStatus } from '../../../projections/registry.ts';
import { notFound, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

const Health = z.object({
  status: z.string(),
  trigger_id: z.string().optional(),
  queue_size: z.number().optional(),
  reason: z.string().optional(),
  set_aside: z.number().optional(),
});
const others = { 503: Health };

const words: Readonly<Record<TriggerStatus, string>> = {
  active: 'healthy',
  paused: 'stopped',
  suspended: 'suspended',
};

/** How often a view or a reaction had to leave an event of ours out, since the process started. */
const setAsideOf = async ({ engine, views }: RouteDeps): Promise<number> => {
  const { poisoned = 0, setAside = 0 } = engine.stats();
  const cold = await views.stats().catch(() => []);
  return cold.reduce((sum, view) => sum + view.poisoned, poisoned + setAside);
};

/** One bad event is an alarm, but no reason to send work elsewhere: everything else goes on. */
const ofServer = async (deps: RouteDeps) => {
  if (!deps.ready()) return { healthy: false, status: 'not ready' };
  const setAside = await setAsideOf(deps);
  return setAside === 0
    ? { healthy: true, status: 'healthy' }
    : { healthy: true, status: 'degraded', set_aside: setAside };
};

const ofTrigger = ({ engine, operations }: RouteDeps, id: string) => {
  const trigger = engine.registry.triggerById(id);
  if (!trigger) throw notFound('trigger');
  const trouble = operations.triggers.troubleWith(trigger);
  const healthy = trigger.status === 'active' && trouble === undefined;
  const reasons = [trigger.reason, trouble].filter((reason) => typeof reason === 'string');
  return {
    healthy,
    status: healthy || trigger.status !== 'active' ? words[trigger.status] : 'broken',
    trigger_id: id,
    queue_size: engine.backlog.sizeOf(id),
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
  };
};

/** For whoever watches the process; no token, because trigger ids cannot be guessed. */
export const health = resource({ tag: 'server', at: '/health', right: 'public' }, (deps) => [
  row({
    operationId: 'getHealth',
    method: 'GET',
    path: '',
    summary: 'How the server or one trigger is',
    query: z.strictObject({ trigger_id: z.string().optional() }),
    answer: Health,
    others,
    handle: async ({ query: { trigger_id } }, reply) => {
      const { healthy, ...state } =
        trigger_id === undefined ? await ofServer(deps) : ofTrigger(deps, trigger_id);
      return healthy ? state : reply.code(503).send(state);
    },
  }),
  row({
    operationId: 'getLiveness',
    method: 'GET',
    path: '/live',
    summary: 'Whether the process runs',
    answer: Health,
    others,
    handle: () => ({ status: 'live' }),
  }),
  row({
    operationId: 'getReadiness',
    method: 'GET',
    path: '/ready',
    summary: 'Whether to send work here',
    answer: Health,
    others,
    handle: (_, reply) => {
      if (deps.ready()) return { status: 'ready' };
      return reply.code(503).header('retry-after', 1).send({ status: 'not ready' });
    },
  }),
]);
