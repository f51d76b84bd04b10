import { z } from 'zod';
import { notEnded } from '../../../projections/invocations.ts';
import { given } from '../../domain/given.ts';
import type { InvocationsThen } from '../../operations/invocations-then.ts';
import { Instant, instantOf } from './instant.ts';
import { InvocationItem, Status, toItem } from './invocations.ts';
import { MomentText, pastMoment } from './moment.ts';
import { Next, Paging, PagingFromFirst } from './paging.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

const bound = {
  triggerId: z.string().optional(),
  functionId: z.string().optional(),
  asOf: MomentText.optional(),
};

const Filters = Paging.extend({
  ...bound,
  eventId: z.string().optional(),
  status: Status.optional(),
  correlationId: z.string().optional(),
  replayId: z.string().optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});

const OpenFilters = PagingFromFirst.extend({
  ...bound,
  status: Status.extract(['queued', 'running', 'waiting']).optional(),
});

const Found = z.object({ invocations: z.array(InvocationItem), next: Next });

const queryOf = (filters: z.infer<typeof Filters>): InvocationsThen => {
  const { limit, after, order, from, to, eventId, status, asOf: _, ...columns } = filters;
  const span = { from: from && instantOf(from), to: to && instantOf(to) };
  return {
    where: given({ ...columns, arrivalId: eventId }),
    between: (from ?? to) === undefined ? [] : [{ column: 'queuedAt', ...given(span) }],
    ...{ status, order, after, limit },
  };
};

const found = async (
  deps: RouteDeps,
  workspace: string,
  { status, where, ...query }: InvocationsThen,
  asOf: string | undefined,
): Promise<z.infer<typeof Found>> => {
  const { documents, next } =
    asOf === undefined
      ? await deps.views.find('invocations', {
          ...query,
          where: {
            ...{ ...where, workspace },
            ...(status === 'open' ? { endPosition: notEnded } : given({ status })),
          },
        })
      : await deps.operations.invocationsThen.list(
          workspace,
          await pastMoment(deps, asOf, 'asOf'),
          { status, where, ...query },
        );
  return { invocations: documents.map(toItem), next };
};

const shortPages = 'a page may be short, and still have a next one';

/** What was called, and what is still to be called. */
export const invocationLists = resource(
  { tag: 'invocations', at: base, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'listInvocations',
      method: 'GET',
      path: '/invocations',
      summary: 'List invocations',
      description: `With \`asOf\` those that there were at a position or a time, each as it stood then; of those that were \`queued\`, \`running\` or \`waiting\` ${shortPages}.`,
      query: Filters,
      answer: Found,
      handle: ({ params, query }) => found(deps, params.slug, queryOf(query), query.asOf),
    }),
    row({
      operationId: 'listQueue',
      method: 'GET',
      path: '/queue',
      summary: 'List what has not ended',
      description: `Oldest first, which is the order in which they may start. With \`asOf\` those that had not ended at a position or a time, each as it stood then; with \`status\` ${shortPages}.`,
      query: OpenFilters,
      answer: Found,
      handle: ({ params, query }) => {
        const { status = 'open', ...rest } = query;
        return found(deps, params.slug, { ...queryOf(rest), status }, query.asOf);
      },
    }),
  ],
);
