import { z } from 'zod';
import { isFact, type Recorded } from '../../domain/events.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { ById, base, mustExist, type Resource, tokenNeeded, typed } from './route.ts';
import { historyOf } from './trigger-stream.ts';
import { personOf } from './trigger-wire.ts';

const Version = z
  .object({
    version: z.number(),
    changedAt: z.string(),
    changedBy: z.string(),
    name: z.string(),
    description: z.string().optional(),
    functionId: z.string(),
    executionType: z.string(),
    triggerMetadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'FunctionTriggerVersion' });

const isVersion = (
  event: StoredEvent,
): event is StoredEvent & Recorded<'TriggerRegistered' | 'TriggerRevised'> =>
  isFact(event, 'TriggerRegistered') || isFact(event, 'TriggerRevised');

const toVersion = ({
  data,
  metadata,
}: Recorded<'TriggerRegistered' | 'TriggerRevised'>): z.infer<typeof Version> => ({
  version: data.version,
  changedAt: metadata.occurredAt,
  changedBy: personOf(metadata.actor),
  name: data.name,
  ...(data.description !== null && { description: data.description }),
  functionId: data.functionId,
  executionType: data.executionType,
  triggerMetadata: data.triggerMetadata,
});

/** What a trigger was at every time, secrets sealed as they were recorded. */
export const triggerVersions: Resource = (deps, plain) => {
  typed(plain).get(
    `${base}/function-triggers/:id/versions`,
    {
      config: { scope: 'function-triggers:read' },
      schema: {
        tags: ['function-triggers'],
        security: tokenNeeded,
        summary: 'List the versions of a trigger, oldest first',
        params: ById,
        response: { 200: z.object({ versions: z.array(Version) }) },
      },
      onRequest: mustExist('trigger', (id) => deps.engine.registry.triggerById(id)),
    },
    async ({ params }) => {
      const history = await historyOf(deps, params);
      return { versions: history.filter(isVersion).map(toVersion) };
    },
  );
};
