import { z } from 'zod';
import { Source } from '../../domain/facts/arrival-facts.ts';
import { base, notFound } from './route.ts';
import { resource, row } from './rows.ts';

const common = {
  id: z.string(),
  parent: z.string().nullable().describe('The id of what it came from, as far as that is known.'),
  depth: z.number().describe('How many there are above it.'),
  at: z.string(),
};
const position = z.string();
const endedAt = z.string().nullable();

const TraceNode = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('command').describe('A fact that somebody asked for.'),
      ...{ ...common, position, type: z.string(), entity: z.string(), actor: z.string() },
    }),
    z.object({
      kind: z.literal('arrival'),
      ...{ ...common, position, source: Source, actor: z.string() },
      traceparent: z.string().nullable().describe('As it came.'),
    }),
    z.object({
      kind: z.literal('invocation'),
      ...{ ...common, position, endedAt, status: z.string() },
      ...{ triggerId: z.string(), functionId: z.string(), retryOf: z.string().nullable() },
    }),
    z.object({
      kind: z.literal('attempt'),
      ...{ ...common, endedAt, status: z.string(), attempt: z.number() },
      spanId: z.string().describe('Of it in the trace that its function is told.'),
    }),
  ])
  .meta({ id: 'TraceNode' });

const Trace = z
  .object({
    correlationId: z.string(),
    /** Each behind what it came from. */
    nodes: z.array(TraceNode),
    /** False where there is more of it than is looked at. */
    isWhole: z.boolean(),
  })
  .meta({ id: 'Trace' });

/** Everything that belongs to one story, and what came from what. */
export const trace = resource({ tag: 'audit', at: `${base}/trace`, right: 'audit' }, (deps) => [
  row({
    operationId: 'getTrace',
    method: 'GET',
    path: '/:id',
    summary: 'Tell all that has one correlation id, and what came from what',
    description: `From a request or an event through invocations and attempts to what functions published in turn, as
      a tree written line by line. What was published stands below the attempt whose span its \`traceparent\` names, or below the
      invocation of its \`causation_id\`, else beside the rest.`,
    answer: Trace,
    handle: async ({ params: { slug, id: correlationId } }) => {
      const { nodes, isWhole } = await deps.operations.storyOf(slug, correlationId);
      if (nodes.length === 0) throw notFound('story');
      return { correlationId, nodes: [...nodes], isWhole };
    },
  }),
]);
