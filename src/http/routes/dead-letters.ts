import { z } from 'zod';
import { type DeadLetter, failureLimit } from '../../../projections/dead-letters.ts';
import { DeathReason, Failure } from '../../domain/events.ts';
import { given } from '../../domain/given.ts';
import { Next, Paging } from './paging.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { shownFailure } from './shown-answers.ts';

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
const functionOf = async (
  { views }: Pick<RouteDeps, 'views'>,
  { functionId, invocationId }: Pick<DeadLetter, 'functionId' | 'invocationId'>,
): Promise<string> =>
  functionId ?? (await views.get('invocations', invocationId))?.functionId ?? '';

const toItem = async (
  deps: Pick<RouteDeps, 'views' | 'store'>,
  { workspace: _, ...letter }: DeadLetter,
): Promise<Item> => ({
  ...letter,
  functionId: await functionOf(deps, letter),
  failure: await shownFailure(deps, letter.failure, failureLimit),
});

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
        const items: Item[] = [];
        // One after the other: each may have a long answer.
        for (const letter of page.documents) items.push(await toItem(deps, letter));
        return { deadLetters: items, next: page.next };
      },
    }),
  ],
);
