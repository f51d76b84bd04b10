import { z } from 'zod';
import { TriplineError } from '../../domain/errors.ts';
import { Forgotten, forgottenIn, historyOf } from './arrival-history.ts';
import { type ById, base, envelopeOf } from './route.ts';
import { resource, row } from './rows.ts';

const Wish = z.strictObject({
  reason: z.string().min(1).max(1_000).optional().describe('Kept in the log.'),
});

/** The only way to have less than everything. */
export const forgetPayload = resource(
  { tag: 'events', at: `${base}/events`, right: 'payloads' },
  (deps) => [
    row({
      operationId: 'forgetPayload',
      method: 'POST',
      path: '/:id/forget',
      summary: 'Forget the body of what arrived',
      description:
        'The body goes for good; the fact that it arrived stays, with who had it forgotten and when. Answers of more than 4 KiB to what was called with it go as well. Attempts that have not been made end dead with `payload-forgotten`. What is forgotten already stays so.',
      body: Wish.nullish(),
      answer: z.object({ id: z.string(), forgotten: Forgotten }),
      before: [
        async ({ params }) => {
          await historyOf(deps, params as ById);
        },
      ],
      handle: async (request) => {
        const [arrival] = await historyOf(deps, request.params);
        const envelope = envelopeOf(deps, request);
        await deps.operations.payloads.forget(arrival, request.body?.reason, envelope);
        const [{ data }, ...later] = await historyOf(deps, request.params);
        const forgotten = forgottenIn(later);
        if (forgotten === null)
          throw new TriplineError('internal', 'it is not on record what was forgotten');
        return { id: data.arrivalId, forgotten };
      },
    }),
  ],
);
