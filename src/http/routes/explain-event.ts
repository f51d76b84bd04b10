import { z } from 'zod';
import { triggerKey } from '../../../projections/registry.ts';
import type { RegistryChange } from '../../../projections/registry-changes.ts';
import type { Recorded } from '../../domain/events.ts';
import { Source } from '../../domain/facts/arrival-facts.ts';
import { asPosition, type Position } from '../../domain/position.ts';
import { judging, nearest, type Verdict } from '../../routing/explain.ts';
import { historyOf, routed } from './arrival-history.ts';
import { Outcome, outcomesOf } from './arrival-outcomes.ts';
import { personOf } from './owned-wire.ts';
import { base, notFound, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { triggerStatuses } from './trigger-wire.ts';

const VerdictObject = z
  .object({
    triggerId: z.string(),
    /** As it was then, like all about it; null where it was not there. */
    name: z.string().nullable(),
    version: z.number().nullable(),
    status: z.enum(['active', 'stopped', 'suspended']).nullable(),
    functionId: z.string().nullable(),
    fired: z.boolean(),
    /** The first thing that decided against it; null where it fired. */
    reason: z
      .enum([
        ...(['stopped', 'suspended', 'taken-by-another', 'kind-differs', 'key-differs'] as const),
        ...(['created-later', 'deleted-before'] as const),
      ])
      .nullable(),
    /** What it listens for, where that is the reason. */
    expected: z.string().optional(),
    /** What came instead. */
    seen: z.string().optional(),
    /** When it was created or deleted, where that is the reason. */
    at: z.string().optional(),
    by: z.string().optional(),
    /** What became of what was invoked first for it; null where nothing was. */
    outcome: Outcome.nullable(),
  })
  .meta({ id: 'Verdict' });
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

/** Of those that had nothing to do with it, the nearest. */
const mostMisses = 20;

const toVerdict = ({ trigger, whyNot }: Verdict): Omit<VerdictObject, 'outcome'> => ({
  triggerId: trigger.triggerId,
  name: trigger.name,
  version: trigger.version,
  status: triggerStatuses[trigger.status],
  functionId: trigger.functionId,
  fired: whyNot === null,
  ...(whyNot ?? { reason: null }),
});

const notThere = (
  triggerId: string,
  reason: 'created-later' | 'deleted-before',
  { at, actor, data }: RegistryChange,
): Omit<VerdictObject, 'outcome'> => ({
  ...{ triggerId, version: null, status: null, functionId: null, fired: false, reason, at },
  name: 'name' in data && typeof data.name === 'string' ? data.name : null,
  by: personOf(actor),
});

/** One that the registry of then does not know. */
const absentVerdict = async (
  { operations }: Pick<RouteDeps, 'operations'>,
  workspace: string,
  triggerId: string,
  decidedAt: Position,
) => {
  const life = await operations.timeTravel.lifeOf(workspace, triggerKey(triggerId));
  if (life === undefined) throw notFound('trigger');
  const { registered, retired } = life;
  return retired !== undefined && asPosition(retired.position) <= decidedAt
    ? notThere(triggerId, 'deleted-before', { ...retired, data: registered.data })
    : notThere(triggerId, 'created-later', registered);
};

const verdictsOn = async (
  deps: RouteDeps,
  { data: { source, acceptedFor }, metadata: { workspace } }: Recorded<'EventArrived'>,
  decidedAt: Position,
  wanted: string | undefined,
): Promise<readonly Omit<VerdictObject, 'outcome'>[]> => {
  const registry = await deps.operations.timeTravel.registryAsOf(workspace, {
    position: decidedAt,
  });
  const verdictOf = judging({ registry, kinds: deps.kinds }, { workspace, source, acceptedFor });
  const absent = (id: string) => absentVerdict(deps, workspace, id, decidedAt);
  if (wanted !== undefined) {
    const trigger = registry.triggerById(wanted);
    return [trigger ? toVerdict(verdictOf(trigger)) : await absent(wanted)];
  }
  const promised = acceptedFor?.triggerId;
  const isGone = promised !== undefined && registry.triggerById(promised) === undefined;
  return [
    ...(isGone ? [await absent(promised)] : []),
    ...nearest(registry.triggersOf(workspace).map(verdictOf), mostMisses).map(toVerdict),
  ];
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
        const decidedAt = asPosition(arrival.data.decidedAt ?? arrival.position);
        const verdicts = await verdictsOn(deps, arrival, decidedAt, query.trigger);
        const document = await deps.views.get('arrivals', arrivalId);
        const outcomes = document && (await outcomesOf(deps, [document])).get(arrivalId);
        const firstOf = (triggerId: string) =>
          outcomes?.find((each) => each.triggerId === triggerId && each.retryOf === null) ?? null;
        return {
          ...{ eventId: arrivalId, source, decidedAt },
          verdicts: verdicts.map((each) => ({ ...each, outcome: firstOf(each.triggerId) })),
        };
      },
    }),
  ],
);
