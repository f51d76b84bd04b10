import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isoOf } from '../../domain/clock.ts';
import { TriplineError } from '../../domain/errors.ts';
import type { Envelope } from '../../domain/events.ts';
import type { IngressCounters } from '../../intake/counters.ts';
import { existing, notFound } from '../../operations/existing.ts';
import { visible } from '../../operations/visible.ts';
import { principalOn } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import type { IdempotencyGuard } from '../idempotency.ts';

export { existing, notFound, visible };

export type RouteDeps = HttpDeps & {
  readonly counters: IngressCounters;
  readonly idempotency: IdempotencyGuard;
};

/** One resource: adds its routes to the app. */
export type Resource = (deps: RouteDeps, app: FastifyInstance) => void;

export const base = '/workspace/:slug/api/v1';

export const InWorkspace = z.object({ slug: z.string() });
export const ById = InWorkspace.extend({ id: z.string() });
export type InWorkspace = z.infer<typeof InWorkspace>;
export type ById = z.infer<typeof ById>;

export const tokenNeeded = [{ token: [] }];

/** Refuses with 404 before the body is read, so that 404 comes before 400. */
export const mustExist =
  <Entry extends { readonly workspace: string }>(
    what: string,
    find: (id: string) => Entry | undefined,
  ) =>
  async (request: FastifyRequest): Promise<void> => {
    existing(what, find, request.params as ById);
  };

/** Who asks, in the form every fact of this command carries. */
export const envelopeOf = (
  { clock }: Pick<HttpDeps, 'clock'>,
  request: FastifyRequest,
): Envelope => ({
  workspace: (request.params as InWorkspace).slug,
  actor: principalOn(request).actor,
  occurredAt: isoOf(clock.now()),
  $correlationId: request.id,
  ...(request.idempotency && { idempotency: request.idempotency }),
});

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
