import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import type { AskOptions } from '../../actors/actors.ts';
import { isFact } from '../../domain/events.ts';
import { invocationStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { readWhole } from '../../log/whole-stream.ts';
import { Invocation, invocationIn, toInvocation } from './invocations.ts';
import { type ById, base, envelopeOf } from './route.ts';
import { resource, row } from './rows.ts';

/** The document as it was when that repetition had been asked for. */
const asOf = (document: InvocationDocument, retried: StoredEvent): InvocationDocument => {
  const last = isFact(retried, 'InvocationRetried')
    ? document.retriedAs.indexOf(retried.data.retriedAs)
    : -1;
  return last < 0 ? document : { ...document, retriedAs: document.retriedAs.slice(0, last + 1) };
};

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
      const as = request.body?.as ?? 'now';
      await operations.invocations.retry(document, as, envelopeOf(deps, request), ifRevision);
      return toInvocation(deps, await invocationIn(deps, request.params));
    };

    return [
      row({
        operationId: 'retryInvocation',
        method: 'POST',
        path: '/:id/retry',
        summary: 'Start an ended invocation once more, as a new one',
        description:
          'With `as` `now`, which is the default, it calls the function that the trigger is bound to now, with its present `params`; with `then`, the function of then with the `params` of then.',
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
            repeat: async (retried) =>
              toInvocation(deps, asOf(await invocationIn(deps, params), retried)),
            // With a key only where nothing was recorded since it was looked for.
            work: () => retry(request, history && (history.at(-1)?.revision ?? 'no_stream')),
          });
        },
      }),
    ];
  },
);
