import { z } from 'zod';
import { triggerKey } from '../../../projections/registry.ts';
import type { RegistryChange } from '../../../projections/registry-changes.ts';
import type { Recorded } from '../../domain/events.ts';
import { asPosition, type Position } from '../../domain/position.ts';
import { readArrival } from '../../log/read-arrival.ts';
import { judging, nearest, type Verdict } from '../../routing/explain.ts';
import type { RegistryIndex } from '../../routing/registry-index.ts';
import { reachedBy } from '../../routing/route.ts';
import { hasFilter } from '../../routing/trigger-filter.ts';
import { Outcome } from './arrival-outcomes.ts';
import { personOf } from './owned-wire.ts';
import { notFound, type RouteDeps } from './route.ts';
import { triggerStatuses } from './trigger-wire.ts';

export const VerdictObject = z
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
        ...(['filtered', 'payload-forgotten', 'created-later', 'deleted-before'] as const),
      ])
      .nullable(),
    /** Of its filter the first one that failed, and where it looked. */
    predicate: z.string().optional(),
    path: z.string().optional(),
    /** What it listens for, or its filter wants, where that is the reason. */
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
export type VerdictObject = z.infer<typeof VerdictObject>;

/** Less what became of it. */
export type JudgedVerdict = Omit<VerdictObject, 'outcome'>;

/** Of those that had nothing to do with it, the nearest. */
const mostMisses = 20;

const toVerdict = ({ trigger, whyNot }: Verdict): JudgedVerdict => ({
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
): JudgedVerdict => ({
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

/** Bytes are read only where a filter asks for them. */
const judgedBy = async (
  { store, kinds }: Pick<RouteDeps, 'store' | 'kinds'>,
  registry: RegistryIndex,
  { data, metadata: { workspace } }: Recorded<'EventArrived'>,
) => {
  const isFiltered = reachedBy(registry, { ...data, workspace }).some(hasFilter);
  const body = isFiltered ? (await readArrival(store, data.arrivalId)).body : undefined;
  return judging({ registry, kinds }, { ...data, workspace, bodyOf: () => body });
};

/** Up to where changes of functions and triggers counted for it. */
export const decidedAtOf = ({ data, position }: Recorded<'EventArrived'>): Position =>
  asPosition(data.decidedAt ?? position);

/** By functions and triggers as they stood at that place; all that it concerned, and the nearest others. */
export const verdictsOn = async (
  deps: RouteDeps,
  arrival: Recorded<'EventArrived'>,
  wanted?: string,
): Promise<readonly JudgedVerdict[]> => {
  const { acceptedFor } = arrival.data;
  const { workspace } = arrival.metadata;
  const decidedAt = decidedAtOf(arrival);
  const registry = await deps.operations.timeTravel.registryAsOf(workspace, {
    position: decidedAt,
  });
  const verdictOf = await judgedBy(deps, registry, arrival);
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
