import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, isTriplineError } from '../../domain/errors.ts';
import { codingsIn, knownCodings, unpacked } from '../content-encoding.ts';
import { problems } from '../problems.ts';
import { createRefuser } from '../refusals.ts';
import { wholeBodyOf } from '../whole-body.ts';
import { answers } from './answers.ts';
import { createReceiver, type IngressDeps, listenerFor } from './receiver.ts';
import { noteUntaken } from './refused-delivery.ts';

const address = '/workspace/:slug/api/v1/webhook/*';

const bytesType = 'application/octet-stream';

const description = {
  operationId: 'deliverWebhook',
  tags: ['webhooks'],
  summary: 'Deliver an event',
  description: `Any bytes. 202 {"status":"accepted","event_id"} says that the event is on disk. 401 and 503
have the form {"status":"error","message"}. A known delivery id gives the first event's id again;
with another body it is a conflict (409), unless the signature covers the id.`,
};

/** Keeps what came beside what it was before it was compressed, and says of the latter how long it is. */
const unpack = async (
  request: FastifyRequest,
  sent: Buffer,
  names: readonly string[],
  limit: number,
): Promise<Buffer> => {
  const plain = await unpacked(sent, names, limit);
  const { headers } = request.raw;
  request.packedBody = sent;
  delete headers['content-encoding'];
  if (headers['content-length'] !== undefined) headers['content-length'] = String(plain.length);
  return plain;
};

/** Bytes as they come, whatever they are said to be; unpacked where they are compressed. */
const takeAnyBytes = (app: FastifyInstance, limit: number): void => {
  app.removeAllContentTypeParsers();
  // Found by its name, without reading the media type anew; bodies of no type are left to `*`.
  for (const type of [bytesType, '*']) {
    app.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (request, pieces, done) => {
      const bytes = wholeBodyOf(request, pieces);
      const encoding = request.raw.headers['content-encoding'];
      const names = encoding === undefined ? [] : codingsIn(encoding);
      if (names.length === 0) done(null, bytes);
      else unpack(request, bytes, names, limit).then((plain) => done(null, plain), done);
    });
  }
};

/** What of a body is told before the handler is asked. */
const ofBodies: ReadonlySet<ErrorCode> = new Set([
  'payload-too-large',
  'unsupported-media-type',
  'validation-failed',
]);

const isOfBody = (error: unknown): boolean => !isTriplineError(error) || ofBodies.has(error.code);

/** A body that could not be read is refused for what comes first in the order, as any other. */
const firstRefusal = (
  { engine }: IngressDeps,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): unknown => {
  try {
    if (isOfBody(error)) listenerFor(engine, request, reply);
    return error;
  } catch (earlier) {
    return earlier;
  }
};

/**
 * Where senders post. Order of checks: path 404, method 405, size 413, signature 401, stopped 503,
 * room 503; then the event is appended, and 202 says that it is on disk and nothing else.
 */
export const webhookIngress =
  (deps: IngressDeps) =>
  (app: FastifyInstance): void => {
    takeAnyBytes(app, deps.config.bodyLimit);
    app.decorateRequest('sentType', undefined);
    app.decorateRequest('packedBody', undefined);
    const refuse = createRefuser(deps.log);
    const answer = (
      thrown: unknown,
      request: FastifyRequest,
      reply: FastifyReply,
    ): FastifyReply => {
      const error = firstRefusal(deps, thrown, request, reply);
      const problem = isTriplineError(error) ? problems[error.code] : undefined;
      if (problem?.status === 415) reply.header('accept-encoding', knownCodings);
      if (problem === undefined || problem.status < 503) return refuse(error, request, reply);
      deps.log.error({ requestId: request.id, err: error }, 'delivery not taken');
      return answers.unavailable(reply, problem.status, problem.meaning, problem.retryAfter ?? 5);
    };
    app.setErrorHandler((thrown, request, reply) => {
      const answered = answer(thrown, request, reply);
      noteUntaken(deps, request, answered);
      return answered;
    });
    app.addHook('onRequest', (request, _, done) => {
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
