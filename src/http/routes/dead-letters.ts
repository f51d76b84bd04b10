import { z } from 'zod';
import type { DeadLetter } from '../../../projections/dead-letters.ts';
import { DeathReason, Failure } from '../../domain/events.ts';
import { given } from '../../domain/given.ts';
import { Next, Paging } from './paging.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

const DeadLetterItem = z
  .object({
    invocationId: z.string(),
    triggerId: z.string(),
    functionId: z.string(),
    correlationId: z.string(),
    attempts: z.number(),
    reason: DeathReason,
    failure: Failure,
    diedAt: z.string(),
    position: z.string(),
  })
  .meta({ id: 'DeadLetter' });
type Item = z.infer<typeof DeadLetterItem>;

const Query = Paging.extend({
  triggerId: z.string().optional(),
  functionId: z.string().optional(),
  reason: DeathReason.optional(),
});

/** Of which function it was, the invocation itself says where its death does not. */
const toItem = async (
  { views }: Pick<RouteDeps, 'views'>,
  { workspace: _, ...letter }: DeadLetter,
): Promise<Item> => {
  if (letter.functionId !== null) return { ...letter, functionId: letter.functionId };
  const invocation = await views.get('invocations', letter.invocationId);
  return { ...letter, functionId: invocation?.functionId ?? '' };
};

/** What ended without success and nobody has retried. */
export const deadLetters = resource(
  { tag: 'invocations', at: `${base}/dead-letters`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'listDeadLetters',
      method: 'GET',
      path: '',
      summary: 'List what ended dead and was not retried since',
      description: 'In the order of their deaths.',
      query: Query,
      answer: z.object({ deadLetters: z.array(DeadLetterItem), next: Next }),
      handle: async ({ params, query }) => {
        const { limit, after, order, ...filters } = query;
        const where = { workspace: params.slug, ...given(filters) };
        const page = await deps.views.find('dead-letters', { where, limit, after, order });
        const items = await Promise.all(page.documents.map((letter) => toItem(deps, letter)));
        return { deadLetters: items, next: page.next };
      },
    }),
  ],
);
