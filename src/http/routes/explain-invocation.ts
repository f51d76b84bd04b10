import { z } from 'zod';
import { isoOf } from '../../domain/clock.ts';
import type { Wait } from '../../routing/wait.ts';
import { invocationIn } from './invocations.ts';
import { base } from './route.ts';
import { resource, row } from './rows.ts';

const WaitObject = z
  .object({
    /** The attempt that waited; of a lease the one that was lost. */
    attempt: z.number(),
    for: z
      .enum([
        ...(['stopped', 'suspended', 'catch-up', 'ordering-key'] as const),
        ...(['trigger-slot', 'function-slot', 'retry', 'lease', 'turn'] as const),
      ])
      .describe(
        '`turn`: nothing on record was in its way; the server was busy, starting or stopped, or recorded the start.',
      ),
    from: z.string(),
    to: z.string().nullable().describe('Null while it lasts.'),
    ms: z.number().describe('How long; so far, while it lasts.'),
    until: z.string().nullable().describe('When a retry was due, or a lease over.'),
    behind: z
      .array(z.string())
      .describe('Invocations that had what was waited for, the first twenty.'),
  })
  .meta({ id: 'Wait' });

const Explanation = z
  .object({
    invocationId: z.string(),
    status: z.string(),
    queuedAt: z.string(),
    /** Of the first attempt. */
    startedAt: z.string().nullable(),
    /** In order; what took no time is left out. */
    waits: z.array(WaitObject),
    /** All of them together. */
    waitedMs: z.number(),
    /** False where more ran beside it than are looked at. */
    isWhole: z.boolean(),
  })
  .meta({ id: 'InvocationExplanation' });

const toWait = ({ from, to, until, behind, ...rest }: Wait, now: number) => ({
  ...rest,
  from: isoOf(from),
  to: Number.isFinite(to) ? isoOf(to) : null,
  ms: Math.max(0, Math.min(to, now) - from),
  until: until === null ? null : isoOf(until),
  behind: [...behind],
});

/** Why an invocation ran when it ran, and not before. */
export const explainInvocation = resource(
  { tag: 'invocations', at: `${base}/invocations`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'explainInvocation',
      method: 'GET',
      path: '/:id/explain',
      summary: 'Tell what an invocation waited for, and how long',
      description: `As far as the log says: a stopped or suspended trigger, the replay that a trigger with startFrom
        begins with, an invocation before it with the same
        ordering key, slots of its trigger and function, the time of a retry, the lease of an attempt
        that was lost. Of several that were in its way at a time, the first of these. Looked at are the 2 000 invocations
        of the function that came just before and after, and those that have not ended.`,
      answer: Explanation,
      handle: async ({ params }) => {
        const document = await invocationIn(deps, params);
        const { waits, isWhole, now } = await deps.operations.waitsOf(document);
        const shown = waits.map((wait) => toWait(wait, now));
        const { invocationId, status, queuedAt, startedAt } = document;
        return {
          ...{ invocationId, status, queuedAt, startedAt, waits: shown, isWhole },
          waitedMs: shown.reduce((sum, { ms }) => sum + ms, 0),
        };
      },
    }),
  ],
);
