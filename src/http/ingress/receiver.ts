import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { TriplineError } from '../../domain/errors.ts';
import type { ArrivalRequest } from '../../domain/events.ts';
import type { Refusal } from '../../signatures/scheme.ts';
import type { HttpDeps } from '../deps.ts';
import { answers } from './answers.ts';
import type { IngressCounters } from './counters.ts';
import { type Admitted, createGates, type Gate } from './gate.ts';
import { type Delivery, type Receipt, recordArrival } from './record-arrival.ts';
import { storedHeaders } from './stored-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    webhook: TriggerEntry | undefined;
    /** The Content-Type as sent; the parser must not care about it. */
    sentType: string | undefined;
  }
}

export type IngressDeps = Pick<
  HttpDeps,
  'engine' | 'actors' | 'sealing' | 'clock' | 'log' | 'config'
> & { readonly counters: IngressCounters };

export interface WebhookParams {
  readonly slug: string;
  /** Decoded once; what triggers are looked up by. */
  readonly '*': string;
}

const nothing = Buffer.alloc(0);

const pathOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
};

const bodyOf = (request: FastifyRequest): Buffer => (request.body as Buffer | undefined) ?? nothing;

const requestOf = (request: FastifyRequest, gate: Gate): ArrivalRequest => ({
  method: request.method,
  path: pathOf(request.raw.url ?? ''),
  query: request.query as ArrivalRequest['query'],
  headers: storedHeaders(request.raw.headers, gate.proofs),
  remote: request.ip,
});

const deliveryOf = (
  request: FastifyRequest,
  { workspace }: TriggerEntry,
  gate: Gate,
  { deliveryId, verification }: Admitted,
  receivedAt: number,
): Delivery => {
  const { '*': key } = request.params as WebhookParams;
  return {
    workspace,
    actor: `sender:webhook/${key}`,
    receivedAt,
    source: { kind: 'webhook', key },
    deliveryId,
    request: requestOf(request, gate),
    verification,
    rawBody: bodyOf(request),
  };
};

const conflictWith = (arrivalId: string): TriplineError =>
  new TriplineError(
    'idempotency-key-reused',
    `this delivery id stands for event ${arrivalId}, which has another body`,
  );

/** The part of the ingress after routing. Nothing is awaited but the append. */
export const createReceiver = (deps: IngressDeps) => {
  const { engine, actors, clock, counters, log } = deps;
  const gates = createGates(deps.sealing);

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
    return answers.accepted(reply, arrivalId);
  };

  const refuseUnsigned = (reply: FastifyReply, triggerId: string, reason: Refusal) => {
    counters.count('unsigned', triggerId);
    return reason === 'missing-signature' || reason === 'malformed-signature'
      ? answers.missingSignature(reply)
      : answers.wrongSignature(reply);
  };

  return (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    const { webhook: entry, raw } = request;
    if (!entry) throw new TriplineError('not-found', 'no webhook has this path');
    const { triggerId } = entry;
    if (request.sentType !== undefined) raw.headers['content-type'] = request.sentType;
    const gate = gateOf(entry);
    if (!gate) return answers.unreadableSecret(reply);
    const receivedAt = clock.now();
    const admission = gate.admit({ rawBody: bodyOf(request), headers: raw.headers, receivedAt });
    if (!admission.ok) return refuseUnsigned(reply, triggerId, admission.reason);
    if (entry.status === 'paused') {
      counters.count('stopped', triggerId);
      return answers.stopped(reply);
    }
    const giveBack = engine.backlog.reserve(triggerId);
    if (!giveBack) {
      counters.count('full', triggerId);
      return answers.full(reply);
    }
    const delivery = deliveryOf(request, entry, gate, admission, receivedAt);
    // Answered from here: a promise in the framework's hands costs several more.
    recordArrival(actors, delivery)
      .then(
        (receipt) => {
          if (receipt.repeat !== 'no') giveBack();
          answer(reply, triggerId, receipt, admission.idIsSigned);
        },
        (error: unknown) => {
          giveBack();
          counters.count('failed', triggerId);
          throw error;
        },
      )
      .catch((error: unknown) => reply.send(error));
    return undefined;
  };
};
