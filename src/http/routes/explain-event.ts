import { z } from 'zod';
import { Source } from '../../domain/facts/arrival-facts.ts';
import { historyOf, routed } from './arrival-history.ts';
import { Outcome, outcomesOf } from './arrival-outcomes.ts';
import { decidedAtOf, verdictsOn } from './arrival-verdicts.ts';
import { base } from './route.ts';
import { resource, row } from './rows.ts';
import { Judgement } from './verdict-wire.ts';

const VerdictObject = Judgement.extend({
  /** What became of what was invoked first for it; null where nothing was. */
  outcome: Outcome.nullable(),
}).meta({ id: 'Verdict' });
type VerdictObject = z.infer<typeof VerdictObject>;

const Explanation = z
  .object({
    eventId: z.string(),
    source: Source,
    /** Up to where changes of functions and triggers counted for it. */
    decidedAt: z.string(),
    verdicts: z.array(VerdictObject),
  })
  .meta({ id: 'Explanation' });

/** What cannot be worked out any more is on record where it fired. */
const withOutcome = (verdict: Judgement, outcome: VerdictObject['outcome']): VerdictObject => {
  const isOnRecord = verdict.reason === 'payload-forgotten' && outcome !== null;
  return { ...verdict, ...(isOnRecord && { fired: true, reason: null }), outcome };
};

/** Why what arrived was taken by some triggers and not by others. */
export const explainEvent = resource(
  { tag: 'events', at: `${base}/events`, right: 'events' },
  (deps) => [
    row({
      operationId: 'explainEvent',
      method: 'GET',
      path: '/:id/explain',
      summary: 'Tell why an event fired some triggers and not others',
      description:
        'By functions and triggers as they stood when it was decided: all that it concerned, and of the others the twenty nearest; with `trigger` that one alone, also if it came later or was gone.',
      query: z.strictObject({ trigger: z.string().min(1).max(64).optional() }),
      answer: Explanation,
      handle: async ({ params, query }) => {
        const [arrival] = await historyOf(deps, params);
        await routed(deps, arrival);
        const { arrivalId, source } = arrival.data;
        const verdicts = await verdictsOn(deps, arrival, query.trigger);
        const document = await deps.views.get('arrivals', arrivalId);
        const outcomes = document && (await outcomesOf(deps, [document])).get(arrivalId);
        const firstOf = (triggerId: string) =>
          outcomes?.find((each) => each.triggerId === triggerId && each.retryOf === null) ?? null;
        return {
          ...{ eventId: arrivalId, source, decidedAt: decidedAtOf(arrival) },
          verdicts: verdicts.map((each) => withOutcome(each, firstOf(each.triggerId))),
        };
      },
    }),
  ],
);
