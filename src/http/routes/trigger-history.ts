import { z } from 'zod';
import { isKnown } from '../../domain/events.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { triggerLifecycle } from '../../domain/trigger/decider.ts';
import type { TriggerFact } from '../../domain/trigger/machine.ts';
import { ById, base, type Resource, tokenNeeded, typed } from './route.ts';
import { historyOf } from './trigger-stream.ts';

const Step = z.object({
  revision: z.number(),
  position: z.string(),
  type: z.string(),
  from: z.string(),
  to: z.string(),
  version: z.number(),
  reason: z.string().nullable(),
  actor: z.string(),
  occurredAt: z.string(),
  correlationId: z.string(),
});

const isTriggerFact = (event: StoredEvent): event is StoredEvent & TriggerFact =>
  isKnown(event) && event.type.startsWith('Trigger');

/** The machine itself, one recorded fact after the other. */
const stepsOf = (history: readonly StoredEvent[]): z.infer<typeof Step>[] => {
  let state = triggerLifecycle.initialState;
  return history.filter(isTriggerFact).map((event) => {
    const from = state.value;
    state = triggerLifecycle.evolve(state, event);
    return {
      revision: event.revision,
      position: event.position,
      type: event.type,
      from,
      to: state.value,
      version: state.context.version,
      reason: 'reason' in event.data ? event.data.reason : null,
      actor: event.metadata.actor,
      occurredAt: event.metadata.occurredAt,
      correlationId: event.metadata.$correlationId,
    };
  });
};

/** How a trigger came to be in its state; deleted ones keep their history. */
export const triggerHistory: Resource = (deps, plain) => {
  typed(plain).get(
    `${base}/function-triggers/:id/history`,
    {
      config: { scope: 'function-triggers:read' },
      schema: {
        tags: ['function-triggers'],
        security: tokenNeeded,
        summary: "Step through a trigger's states",
        params: ById,
        response: { 200: z.object({ steps: z.array(Step) }) },
      },
    },
    async ({ params }) => ({ steps: stepsOf(await historyOf(deps, params)) }),
  );
};
