import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { TriplineError } from '../../domain/errors.ts';
import type { ArrivalRequest } from '../../domain/facts/arrival-facts.ts';
import type { RefusalReason } from '../../domain/facts/refusal-facts.ts';
import { invalidField } from '../../domain/invalid.ts';
import { isTooDeep, maxBodyDepth } from '../../domain/json-body.ts';
import type { IngressCounters } from '../../intake/counters.ts';
import { type Admitted, createGates, type Gate } from '../../intake/gate.ts';
import { type Delivery, type Receipt, recordArrival } from '../../intake/record-arrival.ts';
import type { RefusedDeliveriesDesk } from '../../intake/refused-deliveries.ts';
import { createStoredHeaders } from '../../intake/stored-headers.ts';
import { traceIn } from '../../intake/trace.ts';
import type { Refusal, SignedRequest } from '../../signatures/scheme.ts';
import type { HttpDeps } from '../deps.ts';
import { letGoOfBody } from '../whole-body.ts';
import { answers } from './answers.ts';
import { refusedDelivery } from './refused-delivery.ts';
import { keyOf, type WebhookParams } from './webhook-params.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The Content-Type as sent; the parser must not care about it. */
    sentType: string | undefined;
    /** The body as it came, where `body` is what was compressed to it. */
    packedBody: Buffer | undefined;
  }
}

export type IngressDeps = Pick<
  HttpDeps,
  'engine' | 'actors' | 'sealing' | 'schemes' | 'store' | 'clock' | 'chance' | 'log' | 'config'
> & { readonly counters: IngressCounters; readonly refused: Pick<RefusedDeliveriesDesk, 'note'> };

const nothing = Buffer.alloc(0);

const pathOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
};

const bodyOf = (request: FastifyRequest): Buffer => (request.body as Buffer | undefined) ?? nothing;

const requestOf = (
  request: FastifyRequest,
  headers: ArrivalRequest['headers'],
): ArrivalRequest => ({
  method: request.method,
  path: pathOf(request.raw.url ?? ''),
  query: request.query as ArrivalRequest['query'],
  headers,
  remote: request.ip,
});

/** What a signature is checked on. */
const signedOf = (request: FastifyRequest, receivedAt: number): SignedRequest => {
  const { packedBody, method, raw } = request;
  const { headers, url: target = '' } = raw;
  const rawBody = bodyOf(request);
  return packedBody === undefined
    ? { rawBody, method, target, headers, receivedAt }
    : { rawBody: packedBody, unpacked: rawBody, method, target, headers, receivedAt };
};

const deliveryOf = (
  request: FastifyRequest,
  { workspace, triggerId, version }: TriggerEntry,
  headers: ArrivalRequest['headers'],
  { deliveryId, verification }: Admitted,
  receivedAt: number,
  giveBack: () => void,
): Delivery => {
  const key = keyOf(request.params as WebhookParams);
  return {
    workspace,
    actor: `sender:webhook/${key}`,
    receivedAt,
    source: { kind: 'webhook', key },
    deliveryId,
    request: requestOf(request, headers),
    verification,
    rawBody: bodyOf(request),
    acceptedFor: { triggerId, version },
    trace: traceIn(headers),
    giveBack,
    letGo: () => letGoOfBody(request),
  };
};

/** Who listens at the path now; refuses where nobody does, and what nobody can listen to. */
export const listenerFor = (
  { registry }: IngressDeps['engine'],
  request: FastifyRequest,
  reply: FastifyReply,
): TriggerEntry => {
  const params = request.params as WebhookParams;
  const [entry] = registry.byKey(params.slug, 'webhook', keyOf(params));
  if (!entry) throw new TriplineError('not-found', 'no webhook has this path');
  if (request.method === 'POST') return entry;
  reply.header('allow', 'POST');
  throw new TriplineError('method-not-allowed', 'a webhook takes POST only');
};

const conflictWith = (arrivalId: string): TriplineError =>
  new TriplineError(
    'idempotency-key-reused',
    `this delivery id stands for event ${arrivalId}, which has another body`,
  );

/**
 * A delivery whose whole body is there: who takes it is looked up now and not before, so that what
 * the sender is told holds for the registry of this very moment. Nothing is awaited but the append.
 */
export const createReceiver = (deps: IngressDeps) => {
  const { engine, clock, counters, log } = deps;
  const gates = createGates(deps.sealing, deps.schemes);
  const storedHeaders = createStoredHeaders();

  const gateOf = (entry: TriggerEntry): Gate | undefined => {
    try {
      return gates(entry);
    } catch (err) {
      log.error({ triggerId: entry.triggerId, err }, 'signing secret unreadable');
      return undefined;
    }
  };

  const answer = (
    reply: FastifyReply,
    triggerId: string,
    { arrivalId, repeat }: Receipt,
    idIsSigned: boolean,
  ): FastifyReply => {
    if (repeat === 'other-body' && !idIsSigned) {
      counters.count('conflicting', triggerId);
      throw conflictWith(arrivalId);
    }
    counters.count(repeat === 'no' ? 'accepted' : 'repeated', triggerId);
    return repeat === 'no'
      ? answers.accepted(reply, arrivalId)
      : answers.knownBefore(reply, arrivalId);
  };

  /** The answer says no more than that it was refused; the record says why. */
  const refuse = (
    request: FastifyRequest,
    reply: FastifyReply,
    { triggerId }: TriggerEntry,
    reason: RefusalReason,
    skewSeconds?: number,
  ): FastifyReply => {
    deps.refused.note({ ...refusedDelivery(request, reply, triggerId, reason), skewSeconds });
    return reply;
  };

  const refuseUnsigned = (reply: FastifyReply, reason: Refusal): FastifyReply =>
    reason === 'missing-signature' || reason === 'malformed-signature'
      ? answers.missingSignature(reply)
      : answers.wrongSignature(reply);

  return (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    const { raw } = request;
    const entry = listenerFor(engine, request, reply);
    const { triggerId } = entry;
    if (request.sentType !== undefined) raw.headers['content-type'] = request.sentType;
    const gate = gateOf(entry);
    if (!gate) return refuse(request, answers.unreadableSecret(reply), entry, 'secret-unreadable');
    const receivedAt = clock.now();
    const admission = gate.admit(signedOf(request, receivedAt));
    if (!admission.ok) {
      const { reason, skewSeconds } = admission;
      counters.count('unsigned', triggerId);
      return refuse(request, refuseUnsigned(reply, reason), entry, reason, skewSeconds);
    }
    if (isTooDeep(bodyOf(request))) {
      counters.count('unreadable', triggerId);
      throw invalidField('body', `is JSON nested deeper than ${maxBodyDepth}`);
    }
    if (entry.status === 'paused') {
      counters.count('stopped', triggerId);
      return refuse(request, answers.stopped(reply), entry, 'stopped');
    }
    const giveBack = engine.backlog.reserve(triggerId);
    if (!giveBack) {
      counters.count('full', triggerId);
      return refuse(request, answers.full(reply), entry, 'queue-full');
    }
    const headers = storedHeaders(raw.headers, gate.proofs);
    const delivery = deliveryOf(request, entry, headers, admission, receivedAt, giveBack);
    // Answered from here: a promise in the framework's hands costs several more.
    recordArrival(deps, delivery)
      .then(
        (receipt) => answer(reply, triggerId, receipt, admission.idIsSigned),
        (error: unknown) => {
          counters.count('failed', triggerId);
          throw error;
        },
      )
      .catch((error: unknown) => reply.send(error));
    return undefined;
  };
};
