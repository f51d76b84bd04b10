import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { functionStream } from '../../domain/ids.ts';
import { beginningOf } from '../../log/beginning.ts';
import { NewFunction } from '../../operations/function-form.ts';
import { createdEntry } from '../../views/created-entry.ts';
import { FunctionChanges, FunctionObject, toFunction } from './function-wire.ts';
import { byCreation, Next, PagingFromFirst, pageOf } from './paging.ts';
import { AsOf, registryThen } from './registry-then.ts';
import { base, envelopeOf, etagOf, existing, ifMatch, mustExist, notFound } from './route.ts';
import { resource, row } from './rows.ts';

/** Where invocations go: HTTP endpoints with a name, limits and a secret that signs what is sent. */
export const computeFunctions = resource(
  { tag: 'compute-functions', at: `${base}/compute-functions`, right: 'compute-functions' },
  (deps) => {
    const { engine, idempotency, store, operations } = deps;
    const { functions } = operations;
    const known = mustExist('function', functions.find);

    /** The function as it stands now, with its tag. */
    const show = (id: string, reply: FastifyReply): FunctionObject => {
      const entry = functions.find(id);
      if (!entry) throw notFound('function');
      reply.header('etag', etagOf(entry.revision));
      return toFunction(entry);
    };

    const create = async (
      request: FastifyRequest<{ Body: NewFunction }>,
      reply: FastifyReply,
      id: string,
    ): Promise<FunctionObject> => {
      const signingSecret = await functions.create(id, request.body, envelopeOf(deps, request));
      return { ...show(id, reply), signingSecret };
    };

    return [
      row({
        operationId: 'createFunction',
        method: 'POST',
        path: '',
        summary: 'Register a function',
        description:
          'Its `signingSecret` is in this answer only, and not when the same `Idempotency-Key` comes again.',
        body: NewFunction,
        status: 201,
        answer: FunctionObject,
        handle: (request, reply) =>
          idempotency.once(request, reply, {
            find: (id) => beginningOf(store, functionStream(id)),
            repeat: (first): FunctionObject => {
              reply.header('etag', etagOf(first.revision));
              return toFunction(createdEntry('function', first));
            },
            work: (id) => create(request, reply, id),
          }),
      }),
      row({
        operationId: 'listFunctions',
        method: 'GET',
        path: '',
        summary: 'List functions',
        query: PagingFromFirst.extend(AsOf.shape),
        answer: z.object({ functions: z.array(FunctionObject), next: Next }),
        handle: async ({ params: { slug }, query: { asOf, ...query } }) => {
          const registry =
            asOf === undefined ? engine.registry : await registryThen(deps, slug, asOf);
          const all = registry.functionsOf(slug).map(toFunction);
          const { items, next } = pageOf(all, byCreation, query);
          return { functions: items, next };
        },
      }),
      row({
        operationId: 'getFunction',
        method: 'GET',
        path: '/:id',
        summary: 'Read a function',
        query: AsOf,
        answer: FunctionObject,
        handle: async ({ params, query: { asOf } }, reply) => {
          if (asOf === undefined) {
            existing('function', functions.find, params);
            return show(params.id, reply);
          }
          const then = await registryThen(deps, params.slug, asOf);
          return toFunction(existing('function', then.functionById, params));
        },
      }),
      row({
        operationId: 'updateFunction',
        method: 'PUT',
        path: '/:id',
        summary: 'Change a function',
        description:
          'Members left out stay. A new `signingSecret` replaces the current one, which signs along for 24 hours.',
        body: FunctionChanges,
        answer: FunctionObject,
        before: [known],
        handle: async (request, reply) => {
          const { params, body } = request;
          await functions.revise(params.id, body, envelopeOf(deps, request), ifMatch(request));
          const { signingSecret } = body;
          return {
            ...show(params.id, reply),
            ...(signingSecret !== undefined && { signingSecret }),
          };
        },
      }),
      row({
        operationId: 'rotateFunctionSecret',
        method: 'POST',
        path: '/:id/rotate-secret',
        summary: 'Make a new signing secret',
        description: 'Shown in this answer only. The secret before it signs along for 24 hours.',
        answer: FunctionObject,
        before: [known],
        handle: async (request, reply) => {
          const { id } = request.params;
          const envelope = envelopeOf(deps, request);
          const signingSecret = await functions.rotateSecret(id, envelope, ifMatch(request));
          return { ...show(id, reply), signingSecret };
        },
      }),
      row({
        operationId: 'deleteFunction',
        method: 'DELETE',
        path: '/:id',
        summary: 'Delete a function',
        description:
          'Refused while triggers use it, whatever their status. With `force` they stay, `broken`, until they are given another function.',
        query: z.strictObject({ force: z.enum(['true', 'false']).optional() }),
        answer: z.object({ message: z.string() }),
        before: [known],
        handle: async (request) => {
          const { id } = request.params;
          const how = { ...ifMatch(request), force: request.query.force === 'true' };
          await functions.remove(id, envelopeOf(deps, request), how);
          return { message: 'Function deleted successfully' };
        },
      }),
    ];
  },
);
