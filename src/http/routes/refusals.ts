import { z } from 'zod';
import { refusalsKept } from '../../../projections/refusals.ts';
import { RefusalReason } from '../../domain/facts/refusal-facts.ts';
import { given } from '../../domain/given.ts';
import { webhookKey } from '../../domain/trigger/webhook-path.ts';
import { refusedPath } from '../../intake/refusal-bounds.ts';
import { Instant, instantOf } from './instant.ts';
import { Next, Paging } from './paging.ts';
import { base } from './route.ts';
import { resource, row } from './rows.ts';

const Refusal = z
  .object({
    path: z
      .string()
      .nullable()
      .describe('Its first 200 characters; null: several that were too many to tell apart.'),
    triggerId: z.string().nullable().describe('Whose path it was then.'),
    status: z.number().describe('What the sender was answered.'),
    reason: RefusalReason,
    skewSeconds: z
      .number()
      .nullable()
      .describe(
        "`stale-timestamp`: seconds by which the signed time was ahead of the server's, or behind it (negative); of many the farthest. 300 either way are accepted.",
      ),
    count: z.number().describe('How many alike this stands for.'),
    first: z.string(),
    last: z.string(),
    remote: z.string().nullable().describe('Who sent it; null where it stands for many.'),
    correlationId: z.string().describe('In the audit; of a single one the id of its request.'),
    position: z.string(),
  })
  .meta({ id: 'Refusal' });

const Query = Paging.extend({
  path: z.string().max(8_192).optional(),
  triggerId: z.string().optional(),
  reason: RefusalReason.optional(),
  status: z.coerce.number().int().optional(),
  from: Instant.optional().describe('By `last`, inclusive.'),
  to: Instant.optional().describe('By `last`, inclusive.'),
});

const description = `The first three of a path and reason in a minute one by one, at once; the others as
a \`count\` when the minute is over. In the order in which they were recorded. Unknown paths and busy workspaces share
bounded room: what finds none is counted without its path. The last ${refusalsKept} of the server are listed; the
audit has all, as \`DeliveriesRefused\`.`;

/** Webhook deliveries that were not taken. */
export const refusals = resource(
  { tag: 'webhooks', at: `${base}/refusals`, right: 'events' },
  ({ views }) => [
    row({
      operationId: 'listRefusals',
      method: 'GET',
      path: '',
      summary: 'List webhook deliveries that were refused, and why',
      description,
      query: Query,
      answer: z.object({ refusals: z.array(Refusal), next: Next }),
      handle: async ({ params, query }) => {
        const { limit, after, order, from, to, path, ...filters } = query;
        const where = {
          workspace: params.slug,
          ...given(filters),
          ...(path !== undefined && { path: refusedPath(webhookKey(path)) }),
        };
        const span = given({ from: from && instantOf(from), to: to && instantOf(to) });
        const between = { column: 'last', ...span };
        const page = await views.find('refusals', { where, between, limit, after, order });
        return { refusals: [...page.documents], next: page.next };
      },
    }),
  ],
);
