import { triggerKey } from '../../../projections/registry.ts';
import type { RegistryChange } from '../../../projections/registry-changes.ts';
import type { Recorded } from '../../domain/events.ts';
import { asPosition, type Position } from '../../domain/position.ts';
import { readArrival } from '../../log/read-arrival.ts';
import { judging, nearest } from '../../routing/explain.ts';
import type { RegistryIndex } from '../../routing/registry-index.ts';
import { reachedBy } from '../../routing/route.ts';
import { hasFilter } from '../../routing/trigger-filter.ts';
import { personOf } from './owned-wire.ts';
import { notFound, type RouteDeps } from './route.ts';
import { type Judgement, mostMisses, toJudgement } from './verdict-wire.ts';

const notThere = (
  triggerId: string,
  reason: 'created-later' | 'deleted-before',
  { at, actor, data }: RegistryChange,
): Judgement => ({
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
): Promise<readonly Judgement[]> => {
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
    return [trigger ? toJudgement(verdictOf(trigger)) : await absent(wanted)];
  }
  const promised = acceptedFor?.triggerId;
  const isGone = promised !== undefined && registry.triggerById(promised) === undefined;
  return [
    ...(isGone ? [await absent(promised)] : []),
    ...nearest(registry.triggersOf(workspace).map(verdictOf), mostMisses).map(toJudgement),
  ];
};
