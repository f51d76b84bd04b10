import { z } from 'zod';
import { isFact, type Recorded } from '../../domain/events.ts';
import { triggerStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { streamIn } from './entity-stream.ts';
import { personOf } from './owned-wire.ts';
import { Next, PagingFromFirst, pageOf } from './paging.ts';
import { base, mustExist } from './route.ts';
import { resource, row } from './rows.ts';

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

const byVersion = { keyOf: ({ version }: z.infer<typeof Version>) => [version], like: [0] };

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
export const triggerVersions = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'listTriggerVersions',
      method: 'GET',
      path: '/:id/versions',
      summary: 'List the versions of a trigger, oldest first',
      query: PagingFromFirst,
      answer: z.object({ versions: z.array(Version), next: Next }),
      before: [mustExist('trigger', deps.operations.triggers.find)],
      handle: async ({ params: { slug, id }, query }) => {
        const history = await streamIn(deps, slug, 'trigger', triggerStream(id));
        const versions = history.filter(isVersion).map(toVersion);
        const { items, next } = pageOf(versions, byVersion, query);
        return { versions: items, next };
      },
    }),
  ],
);
