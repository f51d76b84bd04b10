import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import type { ArrivalRequest } from '../../domain/events.ts';
import type { Refusal } from '../../signatures/scheme.ts';
import type { HttpDeps } from '../deps.ts';
import { problems } from '../problems.ts';
import { createRefuser } from '../refusals.ts';
import { answers } from './answers.ts';
import type { IngressCounters } from './counters.ts';
import { type Admitted, createGates, type Gate } from './gate.ts';
import { recordArrival } from './record-arrival.ts';
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

const nothing = Buffer.alloc(0);
const address = '/workspace/:slug/api/v1/webhook/*';

interface WebhookParams {
  readonly slug: string;
  /** Decoded once; what triggers are looked up by. */
  readonly '*': string;
}

const pathOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
};

const requestOf = (request: FastifyRequest, gate: Gate): ArrivalRequest => ({
  method: request.method,
  path: pathOf(request.raw.url ?? ''),
  query: request.query as ArrivalRequest['query'],
  headers: storedHeaders(request.raw.headers, gate.proofs),
  remote: request.ip,
});

const triggerOf = (deps: IngressDeps, request: FastifyRequest): TriggerEntry | undefined => {
  const { slug, '*': key } = request.params as WebhookParams;
  return deps.engine.registry.byKey(slug, 'webhook', key)[0];
};

const createReceiver = (deps: IngressDeps) => {
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

  const record = async (
    request: FastifyRequest,
    entry: TriggerEntry,
    gate: Gate,
    admitted: Admitted,
    receivedAt: number,
  ) => {
    const giveBack = engine.backlog.reserve(entry.triggerId);
    if (!giveBack) return undefined;
    try {
      const { '*': key } = request.params as WebhookParams;
      const receipt = await recordArrival(actors, {
        workspace: entry.workspace,
        actor: `sender:webhook/${key}`,
        receivedAt,
        source: { kind: 'webhook', key },
        deliveryId: admitted.deliveryId,
        request: requestOf(request, gate),
        verification: admitted.verification,
        rawBody: (request.body as Buffer | undefined) ?? nothing,
      });
      if (receipt.repeat !== 'no') giveBack();
      return receipt;
    } catch (error) {
      giveBack();
      counters.count('failed', entry.triggerId);
      throw error;
    }
  };

  const take = async (
    request: FastifyRequest,
    reply: FastifyReply,
    entry: TriggerEntry,
    gate: Gate,
    receivedAt: number,
    admitted: Admitted,
  ): Promise<FastifyReply> => {
    const { triggerId } = entry;
    const receipt = await record(request, entry, gate, admitted, receivedAt);
    if (!receipt) {
      counters.count('full', triggerId);
      return answers.full(reply);
    }
    if (receipt.repeat === 'other-body' && !admitted.idIsSigned) {
      counters.count('conflicting', triggerId);
      throw new TriplineError(
        'idempotency-key-reused',
        `this delivery id stands for event ${receipt.arrivalId}, which has another body`,
      );
    }
    counters.count(receipt.repeat === 'no' ? 'accepted' : 'repeated', triggerId);
    return answers.accepted(reply, receipt.arrivalId);
  };

  const refuseUnsigned = (reply: FastifyReply, { triggerId }: TriggerEntry, reason: Refusal) => {
    counters.count('unsigned', triggerId);
    return reason === 'missing-signature' || reason === 'malformed-signature'
      ? answers.missingSignature(reply)
      : answers.wrongSignature(reply);
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { webhook: entry, raw } = request;
    if (!entry) throw new TriplineError('not-found', 'no webhook has this path');
    if (request.sentType !== undefined) raw.headers['content-type'] = request.sentType;
    const gate = gateOf(entry);
    if (!gate) return answers.unreadableSecret(reply);
    const receivedAt = clock.now();
    const rawBody = (request.body as Buffer | undefined) ?? nothing;
    const admission = gate.admit({ rawBody, headers: raw.headers, receivedAt });
    if (!admission.ok) return refuseUnsigned(reply, entry, admission.reason);
    if (entry.status === 'paused') {
      counters.count('stopped', entry.triggerId);
      return answers.stopped(reply);
    }
    return take(request, reply, entry, gate, receivedAt, admission);
  };
};

const description = {
  tags: ['webhooks'],
  summary: 'Deliver an event',
  description: `Any bytes. 202 {"status":"accepted","event_id"} says that the event is on disk. 401 and 503
have the form {"status":"error","message"}. A known delivery id gives the first event's id again;
with another body it is a conflict (409), unless the signature covers the id.`,
};

/** Bytes as they come, whatever they are said to be. */
const takeAnyBytes = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, bytes, done) => done(null, bytes));
};

/**
 * Where senders post. Order of checks: path 404, method 405, size 413, signature 401, stopped 503,
 * room 503; then the event is appended, and 202 says that it is on disk and nothing else.
 */
export const webhookIngress =
  (deps: IngressDeps) =>
  (app: FastifyInstance): void => {
    takeAnyBytes(app);
    app.decorateRequest('webhook', undefined);
    app.decorateRequest('sentType', undefined);
    const refuse = createRefuser(deps.log);
    app.setErrorHandler((error, request, reply) => {
      const problem = isTriplineError(error) ? problems[error.code] : undefined;
      if (problem === undefined || problem.status < 503) return refuse(error, request, reply);
      deps.log.error({ requestId: request.id, err: error }, 'delivery not taken');
      return answers.unavailable(reply, problem.status, problem.meaning, problem.retryAfter ?? 5);
    });
    app.addHook('onRequest', (request, reply, done) => {
      request.webhook = triggerOf(deps, request);
      if (!request.webhook) return done(new TriplineError('not-found', 'no webhook has this path'));
      if (request.method !== 'POST') {
        reply.header('allow', 'POST');
        return done(new TriplineError('method-not-allowed', 'a webhook takes POST only'));
      }
      const { headers } = request.raw;
      request.sentType = headers['content-type'];
      // The framework refuses what it cannot read as a media type; here the bytes decide alone.
      if (request.sentType !== undefined) headers['content-type'] = 'application/octet-stream';
      done();
    });
    const handler = createReceiver(deps);
    app.post(address, { config: { public: true }, schema: description, handler });
    app.route({
      method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
      url: address,
      config: { public: true },
      schema: { hide: true },
      handler,
    });
  };
