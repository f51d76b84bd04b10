import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import { problems } from '../problems.ts';
import { createRefuser } from '../refusals.ts';
import { answers } from './answers.ts';
import { createReceiver, type IngressDeps, type WebhookParams } from './receiver.ts';

const address = '/workspace/:slug/api/v1/webhook/*';

const bytesType = 'application/octet-stream';

const triggerOf = ({ engine }: IngressDeps, request: FastifyRequest): TriggerEntry | undefined => {
  const { slug, '*': key } = request.params as WebhookParams;
  return engine.registry.byKey(slug, 'webhook', key)[0];
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
  // Found by its name, without reading the media type anew; bodies of no type are left to `*`.
  for (const type of [bytesType, '*']) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_, bytes, done) => done(null, bytes));
  }
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
      if (request.sentType !== undefined) headers['content-type'] = bytesType;
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
