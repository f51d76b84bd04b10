import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isoOf } from '../../domain/clock.ts';
import { TriplineError } from '../../domain/errors.ts';
import type { Envelope } from '../../domain/events.ts';
import type { Position } from '../../domain/position.ts';
import { principalOn } from '../access.ts';
import type { Creations } from '../creations.ts';
import type { HttpDeps } from '../deps.ts';
import type { IdempotencyGuard } from '../idempotency.ts';
import type { IngressCounters } from '../ingress/counters.ts';

export type RouteDeps = HttpDeps & {
  readonly counters: IngressCounters;
  readonly idempotency: IdempotencyGuard;
  readonly creations: Creations;
};

/** One resource: adds its routes to the app. */
export type Resource = (deps: RouteDeps, app: FastifyInstance) => void;

export const base = '/workspace/:slug/api/v1';

export const typed = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>();

export const InWorkspace = z.object({ slug: z.string() });
export const ById = InWorkspace.extend({ id: z.string() });
export type ById = z.infer<typeof ById>;

/** Pages of a list that can grow: `after` is the `next` of the page before. */
export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: z.string().min(1).max(1_024).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});

export const tokenNeeded = [{ token: [] }];

export const notFound = (what: string): TriplineError =>
  new TriplineError('not-found', `there is no such ${what} in this workspace`);

/** Refuses with 404 before the body is read, so that 404 comes before 400. */
export const mustExist =
  <Entry extends { readonly workspace: string }>(
    what: string,
    find: (id: string) => Entry | undefined,
  ) =>
  async (request: FastifyRequest): Promise<void> => {
    existing(what, find, request.params as ById);
  };

/** What another workspace has does not exist here. */
export const existing = <Entry extends { readonly workspace: string }>(
  what: string,
  find: (id: string) => Entry | undefined,
  { slug, id }: ById,
): Entry => {
  const entry = find(id);
  if (entry?.workspace !== slug) throw notFound(what);
  return entry;
};

/** Who asks, in the form every fact of this command carries. */
export const envelopeOf = (
  { clock }: Pick<HttpDeps, 'clock'>,
  request: FastifyRequest,
): Envelope => ({
  workspace: (request.params as { slug: string }).slug,
  actor: principalOn(request).actor,
  occurredAt: isoOf(clock.now()),
  $correlationId: request.id,
  ...(request.idempotency && { idempotency: request.idempotency }),
});

/** What was answered with success is seen by every read that follows. */
export const visible = async (
  { engine, views }: Pick<HttpDeps, 'engine' | 'views'>,
  position: Position | undefined,
): Promise<void> => {
  if (position === undefined) return;
  await Promise.all([engine.reached(position), views.reached(position)]);
};

const entityTag = /^"(\d{1,15})"$/;

export const etagOf = (revision: number): string => `"${revision}"`;

/** The revision `If-Match` insists on; undefined: any. */
export const ifMatch = (request: FastifyRequest): { readonly ifRevision?: number } => {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return {};
  const revision = entityTag.exec(header.trim())?.[1];
  if (revision === undefined)
    throw new TriplineError('precondition-failed', 'If-Match does not name the current revision');
  return { ifRevision: Number(revision) };
};
