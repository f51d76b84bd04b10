import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FunctionEntry } from '../../../projections/registry.ts';
import { isoOf } from '../../domain/clock.ts';
import type { Sealed } from '../../domain/events.ts';
import type { ReviseFunction } from '../../domain/function/decider.ts';
import { functionStream } from '../../domain/ids.ts';
import { createdEntry } from '../created-entry.ts';
import { beginningOf } from '../idempotency.ts';
import { FunctionChanges, FunctionObject, NewFunction, toFunction } from './function-wire.ts';
import { given } from './given.ts';
import {
  ById,
  base,
  envelopeOf,
  etagOf,
  existing,
  InWorkspace,
  ifMatch,
  mustExist,
  notFound,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';

/** How long the secret before the current one still signs along. */
const overlapMs = 86_400_000;
const readable = { scope: 'compute-functions:read' } as const;
const writable = { scope: 'compute-functions:write' } as const;
const tags = ['compute-functions'];
const security = tokenNeeded;

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const createKeeper = (deps: RouteDeps) => {
  const { engine, sealing } = deps;
  const find = (id: string) => engine.registry.functionById(id);
  return {
    find,
    seal: (secret: string, workspace: string, id: string): Sealed =>
      sealing.seal(secret, [workspace, id, 'signingSecret']),
    /** The function as it stands now, with its tag. */
    show: (id: string, reply: FastifyReply): FunctionObject => {
      const entry = find(id);
      if (!entry) throw notFound('function');
      reply.header('etag', etagOf(entry.revision));
      return toFunction(entry);
    },
  };
};

/** Where invocations go: HTTP endpoints with a name, limits and a secret that signs what is sent. */
export const computeFunctions: Resource = (deps, plain) => {
  const app = typed(plain);
  const { engine, registrar } = deps;
  const { find, seal, show } = createKeeper(deps);
  const known = mustExist('function', find);

  const rotation = (entry: FunctionEntry, secret: string): Partial<ReviseFunction> => ({
    signingSecret: seal(secret, entry.workspace, entry.functionId),
    previousSecret: entry.signingSecret,
    previousUntil: isoOf(deps.clock.now() + overlapMs),
  });

  const create = async (
    request: FastifyRequest<{
      Params: z.infer<typeof InWorkspace>;
      Body: z.infer<typeof NewFunction>;
    }>,
    reply: FastifyReply,
    functionId: string,
  ): Promise<FunctionObject> => {
    const { url, type: _, signingSecret = newSecret(), ...definition } = request.body;
    const { position } = await registrar.registerFunction(
      {
        type: 'RegisterFunction',
        functionId,
        ...definition,
        target: { type: 'http', url },
        signingSecret: seal(signingSecret, request.params.slug, functionId),
        previousSecret: null,
        previousUntil: null,
      },
      envelopeOf(deps, request),
    );
    await visible(deps, position);
    return { ...show(functionId, reply), signingSecret };
  };

  app.post(
    `${base}/compute-functions`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Register a function',
        description:
          'Its `signingSecret` is in this answer only, and not when the same `Idempotency-Key` comes again.',
        params: InWorkspace,
        body: NewFunction,
        response: { 201: FunctionObject },
      },
    },
    async (request, reply) => {
      const created = await deps.idempotency.once(request, reply, {
        find: (id) => beginningOf(deps.store, functionStream(id)),
        repeat: (first): FunctionObject => {
          reply.header('etag', etagOf(first.revision));
          return toFunction(createdEntry('function', first));
        },
        work: (id) => create(request, reply, id),
      });
      return reply.code(201).send(created);
    },
  );

  app.get(
    `${base}/compute-functions`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List functions',
        params: InWorkspace,
        response: { 200: z.object({ functions: z.array(FunctionObject) }) },
      },
    },
    async ({ params }) => ({ functions: engine.registry.functionsOf(params.slug).map(toFunction) }),
  );

  app.get(
    `${base}/compute-functions/:id`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'Read a function',
        params: ById,
        response: { 200: FunctionObject },
      },
      onRequest: known,
    },
    async ({ params }, reply) => show(params.id, reply),
  );

  app.put(
    `${base}/compute-functions/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Change a function',
        description:
          'Members left out stay. A new `signingSecret` replaces the current one, which signs along for 24 hours.',
        params: ById,
        body: FunctionChanges,
        response: { 200: FunctionObject },
      },
      onRequest: known,
    },
    async (request, reply) => {
      const { id } = request.params;
      const entry = existing('function', find, request.params);
      const { url, signingSecret, name, description, timeoutMs, concurrency, retry } = request.body;
      const { position } = await registrar.reviseFunction(
        id,
        {
          type: 'ReviseFunction',
          ...given({ name, description, timeoutMs, concurrency, retry }),
          ...(url !== undefined && { target: { type: 'http' as const, url } }),
          ...(signingSecret !== undefined && rotation(entry, signingSecret)),
        },
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { ...show(id, reply), ...(signingSecret !== undefined && { signingSecret }) };
    },
  );

  app.post(
    `${base}/compute-functions/:id/rotate-secret`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Make a new signing secret',
        description: 'Shown in this answer only. The secret before it signs along for 24 hours.',
        params: ById,
        response: { 200: FunctionObject },
      },
      onRequest: known,
    },
    async (request, reply) => {
      const { id } = request.params;
      const signingSecret = newSecret();
      const { position } = await registrar.reviseFunction(
        id,
        {
          type: 'ReviseFunction',
          ...rotation(existing('function', find, request.params), signingSecret),
        },
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { ...show(id, reply), signingSecret };
    },
  );

  app.delete(
    `${base}/compute-functions/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Delete a function',
        params: ById,
        response: { 200: z.object({ message: z.string() }) },
      },
      onRequest: known,
    },
    async (request) => {
      const { id } = request.params;
      const { position } = await registrar.retireFunction(
        id,
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { message: 'Function deleted successfully' };
    },
  );
};
