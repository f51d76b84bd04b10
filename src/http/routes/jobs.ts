import { z } from 'zod';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import { jsonIn } from '../../domain/json-body.ts';
import { bytesOf } from '../../domain/payload.ts';
import { invocationIn } from './invocations.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { shownAnswer } from './shown-answers.ts';

export const Job = z
  .object({
    id: z.string(),
    triggerId: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
    /** What the function answered: JSON where it said so, else text. */
    result: z.unknown().optional(),
    error: z.string().optional(),
  })
  .meta({ id: 'Job' });

/** Between two attempts a job counts as running: it has begun and has not ended. */
const statuses = {
  queued: 'queued',
  running: 'running',
  waiting: 'running',
  succeeded: 'completed',
  dead: 'failed',
  cancelled: 'cancelled',
} as const;

type Shown = Awaited<ReturnType<typeof shownAnswer>>;

const resultOf = ({ contentType, body, truncated }: Shown): unknown => {
  if (body === null) return undefined;
  const text = bytesOf(body).toString('utf8');
  if (truncated || !/^application\/([\w.+-]+\+)?json\b/i.test(contentType ?? '')) return text;
  const json = jsonIn(text);
  return json === undefined ? text : JSON.parse(json);
};

const errorOf = ({ status, reason, attempts }: InvocationDocument): string | undefined => {
  if (status !== 'dead' && status !== 'cancelled') return undefined;
  return attempts.at(-1)?.failure?.message ?? reason?.replaceAll('-', ' ') ?? status;
};

export const toJob = async (
  deps: Pick<RouteDeps, 'store'>,
  document: InvocationDocument,
): Promise<z.infer<typeof Job>> => {
  const result = document.result && (await shownAnswer(deps, document.result));
  const error = errorOf(document);
  return {
    id: document.invocationId,
    triggerId: document.triggerId,
    status: statuses[document.status],
    createdAt: document.queuedAt,
    ...(document.startedAt !== null && { startedAt: document.startedAt }),
    ...(document.finishedAt !== null && { finishedAt: document.finishedAt }),
    ...(result !== null && { result: resultOf(result) }),
    ...(error !== undefined && { error }),
  };
};

/** An invocation in the few words of whoever started it. */
export const jobs = resource(
  { tag: 'invocations', at: `${base}/jobs`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'getJob',
      method: 'GET',
      path: '/:id',
      summary: 'Read a job',
      answer: Job,
      handle: async ({ params }) => toJob(deps, await invocationIn(deps, params)),
    }),
  ],
);
