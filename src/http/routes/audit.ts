import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { asPosition } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import type { AuditQuery } from '../../views/views.ts';
import { Instant, instantOf } from './instant.ts';
import { Next, Paging } from './paging.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

const Position = z.string().min(1).max(64);
const Filters = {
  actor: z.string().optional(),
  entity: z.string().optional().describe('An id, or a stream as `trigger-<id>`.'),
  type: z.string().optional().describe('Types of facts, comma-separated.'),
  correlationId: z.string().optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  fromPosition: Position.optional(),
  toPosition: Position.optional(),
};
const ListQuery = Paging.extend(Filters);
const ExportQuery = z.strictObject({ ...Filters, order: z.enum(['asc', 'desc']).default('asc') });

export const AuditEntry = z
  .object({
    position: z.string(),
    id: z.string(),
    type: z.string(),
    entity: z.string(),
    revision: z.number(),
    actor: z.string(),
    occurredAt: z.string(),
    recordedAt: z.string(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    data: z.unknown(),
  })
  .meta({ id: 'AuditEntry' });

export const toEntry = (event: StoredEvent): z.infer<typeof AuditEntry> => ({
  position: event.position,
  id: event.id,
  type: event.type,
  entity: event.entity ?? event.stream,
  revision: event.revision,
  actor: event.metadata.actor,
  occurredAt: event.metadata.occurredAt,
  recordedAt: event.recordedAt,
  correlationId: event.metadata.$correlationId,
  causationId: event.metadata.$causationId ?? null,
  data: event.data,
});

const filterOf = (
  workspace: string,
  filters: Omit<z.infer<typeof ExportQuery>, 'order'>,
): Omit<AuditQuery, 'order' | 'limit'> => ({
  workspace,
  actor: filters.actor,
  entity: filters.entity,
  types: filters.type?.split(',').filter((type) => type !== ''),
  correlationId: filters.correlationId,
  fromTime: filters.from && instantOf(filters.from),
  toTime: filters.to && instantOf(filters.to),
  fromPosition: filters.fromPosition === undefined ? undefined : asPosition(filters.fromPosition),
  toPosition: filters.toPosition === undefined ? undefined : asPosition(filters.toPosition),
});

const pageSize = 500;

/** Page by page, so that memory does not grow with the log; a slow reader slows the reading. */
async function* linesOf(views: Pick<RouteDeps['views'], 'audit'>, query: AuditQuery) {
  let after: string | undefined;
  do {
    const page = await views.audit({ ...query, after });
    const lines = page.events.map((event) => `${JSON.stringify(toEntry(event))}\n`).join('');
    if (lines !== '') yield lines;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

const sendLines = (reply: FastifyReply, views: RouteDeps['views'], query: AuditQuery) =>
  reply
    .type('application/x-ndjson')
    .header('content-disposition', 'attachment; filename="audit.ndjson"')
    .send(Readable.from(linesOf(views, query)));

/** Every recorded fact: who, what, when, on which entity, caused by what. */
export const audit = resource(
  { tag: 'audit', at: `${base}/audit`, right: 'audit' },
  ({ views }) => [
    row({
      operationId: 'listAudit',
      method: 'GET',
      path: '',
      summary: 'List recorded facts',
      description: 'With `Accept: application/x-ndjson` the answer is the export.',
      query: ListQuery,
      answer: z.object({ events: z.array(AuditEntry), next: Next }),
      handle: async (request, reply) => {
        const { limit, after, order, ...filters } = request.query;
        const filter = filterOf(request.params.slug, filters);
        if (request.headers.accept?.includes('application/x-ndjson'))
          return sendLines(reply, views, { ...filter, order, limit: pageSize });
        const { events, next } = await views.audit({ ...filter, order, after, limit });
        return { events: events.map(toEntry), next };
      },
    }),
    row({
      operationId: 'exportAudit',
      method: 'GET',
      path: '/export',
      summary: 'Export recorded facts, one JSON document per line',
      query: ExportQuery,
      handle: ({ params, query: { order, ...filters } }, reply) =>
        sendLines(reply, views, { ...filterOf(params.slug, filters), order, limit: pageSize }),
    }),
  ],
);
