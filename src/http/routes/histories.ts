import { z } from 'zod';
import { functionLifecycle } from '../../domain/function/decider.ts';
import { historyOf } from '../../domain/history.ts';
import { functionStream, triggerStream } from '../../domain/ids.ts';
import { invocationLifecycle } from '../../domain/invocation/decider.ts';
import { pointedAt } from '../../domain/json-pointer.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { triggerLifecycle } from '../../domain/trigger/decider.ts';
import { streamIn } from './entity-stream.ts';
import { invocationIn } from './invocations.ts';
import { Next, PagingFromFirst, pageOf } from './paging.ts';
import { base } from './route.ts';
import { resource, row } from './rows.ts';

const Step = z.object({
  revision: z.number(),
  position: z.string(),
  type: z.string(),
  from: z.string(),
  to: z.string(),
  version: z.number().nullable(),
  reason: z.string().nullable(),
  actor: z.string(),
  occurredAt: z.string(),
  correlationId: z.string(),
  /** Id of the fact that it follows from. */
  causationId: z.string().nullable(),
});
export const Steps = z.object({ steps: z.array(Step), next: Next });

const byRevision = { keyOf: ({ revision }: z.infer<typeof Step>) => [revision], like: [0] };

export const pageOfSteps = (
  steps: readonly z.infer<typeof Step>[],
  paging: z.infer<typeof PagingFromFirst>,
) => {
  const { items, next } = pageOf(steps, byRevision, paging);
  return { steps: items, next };
};

/** How a trigger came to be in its state; deleted ones keep their history. */
export const triggerHistory = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'getTriggerHistory',
      method: 'GET',
      path: '/:id/history',
      summary: "Step through a trigger's states",
      query: PagingFromFirst,
      answer: Steps,
      handle: async ({ params: { slug, id }, query }) => {
        const events = await streamIn(deps, slug, 'trigger', triggerStream(id));
        return pageOfSteps(historyOf(triggerLifecycle, events), query);
      },
    }),
  ],
);

export const functionHistory = resource(
  { tag: 'compute-functions', at: `${base}/compute-functions`, right: 'compute-functions' },
  (deps) => [
    row({
      operationId: 'getFunctionHistory',
      method: 'GET',
      path: '/:id/history',
      summary: "Step through a function's states",
      query: PagingFromFirst,
      answer: Steps,
      handle: async ({ params: { slug, id }, query }) => {
        const events = await streamIn(deps, slug, 'function', functionStream(id));
        return pageOfSteps(historyOf(functionLifecycle, events), query);
      },
    }),
  ],
);

const InvocationStep = Step.omit({ revision: true, version: true }).extend({
  /** Which one it begins or ends. */
  attempt: z.number().nullable(),
});

const attemptIn = ({ data }: StoredEvent): number | null => {
  const attempt = pointedAt(data, '/attempt');
  return typeof attempt === 'number' ? attempt : null;
};

const byPosition = { keyOf: ({ position }: { position: string }) => [position], like: [''] };

/** An invocation has no stream: what happened to it lies with its arrival and in its lane. */
export const invocationHistory = resource(
  { tag: 'invocations', at: `${base}/invocations`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'getInvocationHistory',
      method: 'GET',
      path: '/:id/history',
      summary: "Step through an invocation's states",
      query: PagingFromFirst,
      answer: z.object({ steps: z.array(InvocationStep), next: Next }),
      handle: async ({ params, query }) => {
        const facts = await deps.operations.invocations.factsOf(await invocationIn(deps, params));
        const steps = historyOf(invocationLifecycle, facts).map((step, at) => ({
          ...step,
          attempt: facts[at] ? attemptIn(facts[at]) : null,
        }));
        const { items, next } = pageOf(steps, byPosition, query);
        return { steps: items, next };
      },
    }),
  ],
);
