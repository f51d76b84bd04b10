import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefusalReason } from '../../domain/facts/refusal-facts.ts';
import type { RefusedDeliveriesDesk, RefusedDelivery } from '../../intake/refused-deliveries.ts';
import type { HttpDeps } from '../deps.ts';
import { keyOf, type WebhookParams } from './webhook-params.ts';

/** A request that was answered no, as it is recorded. */
export const refusedDelivery = (
  request: FastifyRequest,
  { statusCode }: Pick<FastifyReply, 'statusCode'>,
  trigger: string | null,
  reason: RefusalReason,
): RefusedDelivery => {
  const params = request.params as WebhookParams;
  return {
    workspace: params.slug,
    path: keyOf(params),
    trigger,
    status: statusCode,
    reason,
    remote: request.ip,
    correlationId: request.id,
  };
};

type UntakenDeps = Pick<HttpDeps, 'engine'> & {
  readonly refused: Pick<RefusedDeliveriesDesk, 'note'>;
};

const reasonOf = (status: number): RefusalReason | undefined => {
  if (status === 404) return 'unknown-path';
  if (status === 413) return 'too-large';
  return status >= 503 ? 'unavailable' : undefined;
};

/** Of what was refused before anybody asked the trigger, by how it was answered. */
export const noteUntaken = (
  { refused, engine }: UntakenDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): void => {
  const reason = reasonOf(reply.statusCode);
  if (reason === undefined || request.method !== 'POST') return;
  const params = request.params as WebhookParams;
  const [entry] = engine.registry.byKey(params.slug, 'webhook', keyOf(params));
  refused.note(refusedDelivery(request, reply, entry?.triggerId ?? null, reason));
};
