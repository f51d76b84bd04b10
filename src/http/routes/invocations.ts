import { z } from 'zod';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import { TriplineError } from '../../domain/errors.ts';
import { Answer } from '../../domain/facts/answer.ts';
import { Failure } from '../../domain/facts/failure.ts';
import { Payload } from '../../domain/payload.ts';
import { principalOn } from '../access.ts';
import { type ById, base, envelopeOf, notFound, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { shownAnswer, shownAttempts } from './shown-answers.ts';

export const Status = z.enum(['queued', 'running', 'waiting', 'succeeded', 'dead', 'cancelled']);

const Attempt = z.object({
  attempt: z.number(),
  attemptId: z.string(),
  startedAt: z.string(),
  /** Of the trigger and the function, as it was sent; null where an earlier release sent it. */
  versions: z.object({ trigger: z.number(), function: z.number() }).nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  outcome: z.enum(['running', 'succeeded', 'failed', 'lost', 'cancelled']),
  status: z.number().nullable(),
  failure: Failure.nullable(),
  retryAt: z.string().nullable(),
});

export const InvocationItem = z.object({
  id: z.string(),
  triggerId: z.string(),
  triggerVersion: z.number(),
  functionId: z.string(),
  /** The arrival behind it. */
  eventId: z.string(),
  correlationId: z.string(),
  orderingKey: z.string().nullable(),
  status: Status,
  attempt: z.number(),
  maxAttempts: z.number(),
  timeoutMs: z.number(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  dueAt: z.string().nullable(),
  reason: z.string().nullable(),
  retryOf: z.string().nullable(),
  /** The replay that it is part of, and the event that it delivers again; null for others. */
  replayId: z.string().nullable(),
  replayOf: z.string().nullable(),
  retriedAs: z.array(z.string()),
  position: z.string(),
});

/** What the function answered: all that was kept of it. */
const Result = Answer.extend({
  /** Null once it was forgotten. */
  body: Payload.nullable(),
});

export const Invocation = InvocationItem.extend({
  attempts: z.array(Attempt),
  result: Result.nullable(),
}).meta({ id: 'Invocation' });

export const toItem = ({ invocationId, arrivalId, ...rest }: InvocationDocument) => ({
  ...rest,
  id: invocationId,
  eventId: arrivalId,
  replayOf: rest.replayId === null ? null : arrivalId,
  retriedAs: [...rest.retriedAs],
});

export const toInvocation = async (
  deps: Pick<RouteDeps, 'store'>,
  document: InvocationDocument,
): Promise<z.infer<typeof Invocation>> => ({
  ...toItem(document),
  attempts: await shownAttempts(deps, document.attempts),
  result: document.result && (await shownAnswer(deps, document.result)),
});

/** The invocation, if this workspace has it. */
export const invocationIn = async (
  { views }: Pick<RouteDeps, 'views'>,
  { slug, id }: ById,
): Promise<InvocationDocument> => {
  const document = await views.get('invocations', id);
  if (document?.workspace !== slug) throw notFound('invocation');
  return document;
};

const isOver = ({ status }: InvocationDocument): TriplineError =>
  new TriplineError('illegal-transition', `the invocation is ${status} and cannot be cancelled`);

/** What was called because of what arrived, attempt by attempt. */
export const invocations = resource(
  { tag: 'invocations', at: `${base}/invocations`, right: 'function-triggers' },
  (deps) => {
    const known = async (request: { params: unknown }) => {
      await invocationIn(deps, request.params as ById);
    };

    return [
      row({
        operationId: 'getInvocation',
        method: 'GET',
        path: '/:id',
        summary: 'Read an invocation with its attempts',
        answer: Invocation,
        handle: async ({ params }) => toInvocation(deps, await invocationIn(deps, params)),
      }),
      row({
        operationId: 'cancelInvocation',
        method: 'POST',
        path: '/:id/cancel',
        summary: 'Cancel an invocation that has not ended',
        answer: Invocation,
        before: [known],
        handle: async (request) => {
          const reason = `by ${principalOn(request).subject}`;
          const asked = await invocationIn(deps, request.params);
          await deps.operations.invocations.cancel(asked, reason, envelopeOf(deps, request));
          const document = await invocationIn(deps, request.params);
          if (document.status !== 'cancelled') throw isOver(document);
          return toInvocation(deps, document);
        },
      }),
    ];
  },
);
