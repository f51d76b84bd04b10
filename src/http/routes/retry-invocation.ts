import type { FastifyRequest } from 'fastify';
import { type InvocationDocument, invocations } from '../../../projections/invocations.ts';
import { invocationAddress } from '../../actors/addresses.ts';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import { invocationStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { foldOf } from '../../subscriptions/fold.ts';
import { readWhole } from '../whole-stream.ts';
import { Invocation, invocationIn, toInvocation } from './invocations.ts';
import { ById, base, envelopeOf, type Resource, tokenNeeded, typed, visible } from './route.ts';

const { evolve } = foldOf(invocations);

/** The document as of the last of these facts. */
const documentAt = (history: readonly StoredEvent[]): InvocationDocument => {
  const document = history.reduce<InvocationDocument | undefined>(
    (before, event) => evolve(before, event, 0),
    undefined,
  );
  if (document) return document;
  throw new TriplineError('corrupt-stream', 'an invocation has no beginning');
};

const otherwise = (error: unknown): never => {
  if (!isTriplineError(error, 'precondition-failed')) throw error;
  throw new TriplineError('conflict', 'the invocation was retried or changed at the same time');
};

/** Repeats what has ended, as a new invocation. */
export const retryInvocation: Resource = (deps, plain) => {
  const { actors, idempotency, store } = deps;

  const retry = async (request: FastifyRequest, ifRevision: number | undefined) => {
    const { id } = request.params as ById;
    const command = { type: 'RetryInvocation' } as const;
    const asked = actors.ask(invocationAddress(id), command, envelopeOf(deps, request), {
      ifRevision,
    });
    const { position } = await asked.catch(otherwise);
    await visible(deps, position);
    return toInvocation(await invocationIn(deps, request.params as ById));
  };

  typed(plain).post(
    `${base}/invocations/:id/retry`,
    {
      config: { scope: 'function-triggers:write' },
      schema: {
        tags: ['invocations'],
        security: tokenNeeded,
        summary: 'Start an ended invocation once more, as a new one',
        params: ById,
        response: { 200: Invocation },
      },
      onRequest: async ({ params }) => {
        await invocationIn(deps, params as ById);
      },
    },
    async (request, reply) => {
      const stream = invocationStream(request.params.id);
      let history: readonly StoredEvent[] = [];
      return await idempotency.once(request, reply, {
        find: async (requestId) => {
          history = await readWhole(store, stream);
          return history.find((event) => idempotency.isOf(event, requestId));
        },
        repeat: (retried) => toInvocation(documentAt(history.slice(0, retried.revision + 1))),
        // With a key only where nothing was recorded since it was looked for.
        work: () => retry(request, history.at(-1)?.revision),
      });
    },
  );
};
