import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AskOptions } from '../../actors/actors.ts';
import { isFact } from '../../domain/events.ts';
import { invocationStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { readWhole } from '../../log/whole-stream.ts';
import { Invocation, invocationIn, toInvocation } from './invocations.ts';
import { type ById, base, envelopeOf, notFound } from './route.ts';
import { resource, row } from './rows.ts';

const Repetition = z.strictObject({ as: z.enum(['now', 'then']).optional() });
type Repetition = z.infer<typeof Repetition>;

/** Repeats what has ended, as a new invocation. */
export const retryInvocation = resource(
  { tag: 'invocations', at: `${base}/invocations`, right: 'function-triggers' },
  (deps) => {
    const { idempotency, operations, store } = deps;

    const retry = async (
      request: FastifyRequest<{ Params: ById; Body: Repetition | null | undefined }>,
      ifRevision: AskOptions['ifRevision'],
    ) => {
      const document = await invocationIn(deps, request.params);
      const { slug } = request.params;
      const as = request.body?.as ?? 'now';
      const envelope = envelopeOf(deps, request);
      const id = await operations.invocations.retry(document, as, envelope, ifRevision);
      return toInvocation(deps, await invocationIn(deps, { slug, id }));
    };

    const repeated = async (slug: string, retried: StoredEvent) => {
      if (!isFact(retried, 'InvocationRetried')) throw notFound('invocation');
      const { retriedAs: id } = retried.data;
      await operations.invocations.seen(id, retried.position);
      return toInvocation(deps, await invocationIn(deps, { slug, id }));
    };

    return [
      row({
        operationId: 'retryInvocation',
        method: 'POST',
        path: '/:id/retry',
        summary: 'Start an ended invocation once more, as a new one',
        description:
          'With `as` `now`, which is the default, it calls the function that the trigger is bound to now, with its present `params`; with `then`, the function of then with the `params` of then. Answers the new one; while that, or any other for the same event and trigger, has not ended, a further retry is refused with 409, which names it.',
        body: Repetition.nullish(),
        answer: Invocation,
        before: [
          async ({ params }) => {
            await invocationIn(deps, params as ById);
          },
        ],
        handle: async (request, reply) => {
          const { params } = request;
          const stream = invocationStream(params.id);
          let history: readonly StoredEvent[] | undefined;
          return await idempotency.once(request, reply, {
            find: async (requestId) => {
              history = await readWhole(store, stream);
              return history.find((event) => idempotency.isOf(event, requestId));
            },
            repeat: (retried) => repeated(params.slug, retried),
            // With a key only where nothing was recorded since it was looked for.
            work: () => retry(request, history && (history.at(-1)?.revision ?? 'no_stream')),
          });
        },
      }),
    ];
  },
);
