import { z } from 'zod';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import { invocationAddress } from '../../actors/addresses.ts';
import { Answer, Failure } from '../../domain/events.ts';
import { principalOn } from '../access.ts';
import { Instant, instantOf } from './instant.ts';
import {
  ById,
  base,
  envelopeOf,
  InWorkspace,
  notFound,
  Paging,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';

const readable = { scope: 'function-triggers:read' } as const;
const writable = { scope: 'function-triggers:write' } as const;
const tags = ['invocations'];
const security = tokenNeeded;

const Status = z.enum(['queued', 'running', 'waiting', 'succeeded', 'dead', 'cancelled']);

const Attempt = z.object({
  attempt: z.number(),
  attemptId: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  outcome: z.enum(['running', 'succeeded', 'failed', 'lost', 'cancelled']),
  status: z.number().nullable(),
  failure: Failure.nullable(),
  retryAt: z.string().nullable(),
});

const InvocationItem = z.object({
  id: z.string(),
  triggerId: z.string(),
  triggerVersion: z.number(),
  functionId: z.string(),
  /** The arrival behind it. */
  eventId: z.string(),
  correlationId: z.string(),
  orderingKey: z.string().nullable(),
  status: Status,
  attempt: z.number(),
  maxAttempts: z.number(),
  timeoutMs: z.number(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  dueAt: z.string().nullable(),
  reason: z.string().nullable(),
  retryOf: z.string().nullable(),
  retriedAs: z.array(z.string()),
  position: z.string(),
});

export const Invocation = InvocationItem.extend({
  attempts: z.array(Attempt),
  result: Answer.nullable(),
}).meta({ id: 'Invocation' });

const toItem = ({ invocationId, arrivalId, ...rest }: InvocationDocument) => ({
  ...rest,
  id: invocationId,
  eventId: arrivalId,
  retriedAs: [...rest.retriedAs],
});

export const toInvocation = (document: InvocationDocument): z.infer<typeof Invocation> => ({
  ...toItem(document),
  attempts: [...document.attempts],
});

const Filters = Paging.extend({
  triggerId: z.string().optional(),
  functionId: z.string().optional(),
  eventId: z.string().optional(),
  status: Status.optional(),
  correlationId: z.string().optional(),
  from: Instant.optional(),
  to: Instant.optional(),
}).strict();

const queryOf = (workspace: string, filters: z.infer<typeof Filters>) => {
  const { limit, after, order, from, to, eventId, ...columns } = filters;
  const asked = Object.entries({ ...columns, arrivalId: eventId }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const span = {
    ...(from !== undefined && { from: instantOf(from) }),
    ...(to !== undefined && { to: instantOf(to) }),
  };
  return {
    where: { workspace, ...Object.fromEntries(asked) },
    ...((from ?? to) !== undefined && { between: { column: 'queuedAt', ...span } }),
    ...{ order, after, limit },
  };
};

/** The invocation, if this workspace has it. */
export const invocationIn = async (
  { views }: Pick<RouteDeps, 'views'>,
  { slug, id }: ById,
): Promise<InvocationDocument> => {
  const document = await views.get('invocations', id);
  if (document?.workspace !== slug) throw notFound('invocation');
  return document;
};

/** What was called because of what arrived, attempt by attempt. */
export const invocations: Resource = (deps, plain) => {
  const app = typed(plain);
  const { actors, views } = deps;
  const known = async (request: { params: unknown }) => {
    await invocationIn(deps, request.params as ById);
  };

  app.get(
    `${base}/invocations`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List invocations',
        params: InWorkspace,
        querystring: Filters,
        response: {
          200: z.object({ invocations: z.array(InvocationItem), next: z.string().nullable() }),
        },
      },
    },
    async ({ params, query }) => {
      const { documents, next } = await views.find('invocations', queryOf(params.slug, query));
      return { invocations: documents.map(toItem), next };
    },
  );

  app.get(
    `${base}/invocations/:id`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'Read an invocation with its attempts',
        params: ById,
        response: { 200: Invocation },
      },
    },
    async ({ params }) => toInvocation(await invocationIn(deps, params)),
  );

  app.post(
    `${base}/invocations/:id/cancel`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Cancel an invocation that has not ended',
        params: ById,
        response: { 200: Invocation },
      },
      onRequest: known,
    },
    async (request) => {
      const { position } = await actors.ask(
        invocationAddress(request.params.id),
        { type: 'CancelInvocation', reason: `by ${principalOn(request).subject}` },
        envelopeOf(deps, request),
      );
      await visible(deps, position);
      return toInvocation(await invocationIn(deps, request.params));
    },
  );
};
