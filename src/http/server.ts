import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { TriplineError } from '../domain/errors.ts';
import { createIngressCounters } from '../intake/counters.ts';
import { createRefusedDeliveries } from '../intake/refused-deliveries.ts';
import { signatureSchemes } from '../signatures/index.ts';
import { guardRoutes } from './access.ts';
import type { Connections } from './connections.ts';
import { currentViews } from './current-views.ts';
import type { HttpDeps } from './deps.ts';
import { askForBodies } from './early-answers.ts';
import { createIdempotency } from './idempotency.ts';
import { webhookIngress } from './ingress/webhook.ts';
import { takeJson } from './json-body.ts';
import { describeApi } from './openapi.ts';
import { refuseOtherMethods, watchMethods } from './other-methods.ts';
import { createRefusalNotes } from './refusal-notes.ts';
import { answerBrokenRequest, createRefuser, nothingHere } from './refusals.ts';
import { createRequestIds } from './request-id.ts';
import { resources } from './routes/index.ts';
import { refuseUnknownQueries, validateWithZod } from './validation.ts';
import { readLongBodiesIntoPlace } from './whole-body.ts';
import { foundWorkspaces } from './workspaces.ts';

const maxUrlLength = 8_192;

const limits = {
  requestTimeout: 30_000,
  connectionTimeout: 60_000,
  http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
  routerOptions: { maxParamLength: 200 },
} as const;

const stopped = () => new TriplineError('shutting-down', 'the server is stopping');
const tooLong = () => new TriplineError('validation-failed', 'the URL is too long');

/** Before anything else. What is under way when the server stops is answered, what comes later is not. */
const guardDoor = (app: FastifyInstance, connections: Connections): void => {
  let stopping = false;
  connections.watch(app.server);
  app.addHook('preClose', (done) => {
    stopping = true;
    connections.retire();
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    connections.asked(reply.raw);
    if (stopping) {
      reply.header('connection', 'close');
      done(stopped());
    } else if (request.url.length > maxUrlLength) done(tooLong());
    else done();
  });
};

const unused = () => {
  throw new Error('schemas are compiled by zod');
};

/** Everything that speaks HTTP; listens nowhere until told to. */
export const createHttp = async (deps: HttpDeps): Promise<FastifyInstance> => {
  const refuse = createRefuser(deps.log);
  const counters = createIngressCounters();
  const parts = {
    ...deps,
    views: currentViews(deps),
    counters,
    idempotency: createIdempotency(deps),
  };
  const app: FastifyInstance = Fastify({
    ...limits,
    bodyLimit: deps.config.bodyLimit,
    keepAliveTimeout: deps.config.keepAliveMs,
    trustProxy: deps.config.trustProxy.length > 0 ? [...deps.config.trustProxy] : false,
    genReqId: createRequestIds(deps.chance),
    requestIdHeader: false,
    return503OnClosing: false,
    frameworkErrors: refuse,
    // Without these, two compilers of JSON Schema would be loaded that no route ever asks.
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    clientErrorHandler: answerBrokenRequest,
  });
  app.setErrorHandler(refuse);
  app.setNotFoundHandler(nothingHere);
  guardDoor(app, deps.connections);
  askForBodies(app.server, deps.config.bodyLimit);
  readLongBodiesIntoPlace(app, deps.config.bodyLimit);
  const { workspaces } = deps.operations;
  foundWorkspaces(app, workspaces);
  createRefusalNotes({ ...deps, exists: workspaces.exists }).watch(app);
  guardRoutes(app, deps.verifyToken);
  app.setValidatorCompiler(validateWithZod);
  app.setSerializerCompiler(serializerCompiler);
  await describeApi(app, { kinds: deps.kinds, schemes: signatureSchemes });
  const methods = watchMethods(app);
  await app.register((scope, _, done) => {
    refuseUnknownQueries(scope);
    takeJson(scope);
    parts.idempotency.watch(scope);
    for (const resource of resources) resource(parts, scope);
    done();
  });
  refuseOtherMethods(app, methods);
  app.addHook('preClose', () => deps.operations.stopWaiting());
  const refused = createRefusedDeliveries({ ...deps, exists: workspaces.exists });
  // When all have been answered; the actors are waited for later.
  app.addHook('onClose', async () => refused.close());
  await app.register((scope, _, done) => {
    webhookIngress({ ...deps, counters, refused })(scope);
    done();
  });
  return app;
};
