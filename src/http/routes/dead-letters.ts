import { z } from 'zod';
import { type DeadLetter, failureLimit } from '../../../projections/dead-letters.ts';
import { Failure } from '../../domain/facts/failure.ts';
import { DeathReason } from '../../domain/facts/invocation-facts.ts';
import { given } from '../../domain/given.ts';
import type { FindQuery } from '../../views/views.ts';
import { Instant, instantOf } from './instant.ts';
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

const CountByReason = z
  .partialRecord(DeathReason, z.number())
  .describe('Of all that the other filters find, not of this page alone.');

const Query = Paging.extend({
  triggerId: z.string().optional(),
  functionId: z.string().optional(),
  reason: DeathReason.optional(),
  failureKind: Failure.shape.kind.optional(),
  /** When they died. */
  from: Instant.optional(),
  to: Instant.optional(),
});

type Search = Required<Pick<FindQuery, 'where' | 'between'>>;

const searchOf = (
  workspace: string,
  { from, to, limit: _, after: __, order: ___, ...filters }: z.infer<typeof Query>,
): Search => ({
  where: { workspace, ...given(filters) },
  between: {
    column: 'diedAt',
    ...given({ from: from && instantOf(from), to: to && instantOf(to) }),
  },
});

/** Whichever reason the page is about. */
const countsOf = async (
  { views }: Pick<RouteDeps, 'views'>,
  { where, between }: Search,
): Promise<z.infer<typeof CountByReason>> => {
  const counts = await Promise.all(
    DeathReason.options.map(async (reason) => {
      const count = await views.count('dead-letters', { where: { ...where, reason }, between });
      return [reason, count] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
};

/** Of which function it was, the invocation itself says where its death does not. */
const functionOf = async (
  { views }: Pick<RouteDeps, 'views'>,
  { functionId, invocationId }: Pick<DeadLetter, 'functionId' | 'invocationId'>,
): Promise<string> =>
  functionId ?? (await views.get('invocations', invocationId))?.functionId ?? '';

const toItem = async (
  deps: Pick<RouteDeps, 'views' | 'store'>,
  { workspace: _, failureKind: __, ...letter }: DeadLetter,
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
      description: 'In the order of their deaths; counted by reason beside.',
      query: Query,
      answer: z.object({
        deadLetters: z.array(DeadLetterItem),
        counts: CountByReason,
        next: Next,
      }),
      handle: async ({ params, query }) => {
        const { limit, after, order } = query;
        const search = searchOf(params.slug, query);
        const page = await deps.views.find('dead-letters', { ...search, limit, after, order });
        const items: Item[] = [];
        // One after the other: each may have a long answer.
        for (const letter of page.documents) items.push(await toItem(deps, letter));
        return { deadLetters: items, counts: await countsOf(deps, search), next: page.next };
      },
    }),
  ],
);
