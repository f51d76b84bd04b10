import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { troubleWith } from '../../operations/trouble.ts';
import type { RegistryIndex } from '../../routing/registry-index.ts';
import { MomentText, pastMoment } from './moment.ts';
import type { RouteDeps } from './route.ts';
import { type TriggerObject, toRecordedTrigger } from './trigger-wire.ts';

export const AsOf = z.strictObject({ asOf: MomentText.optional() });

/** A workspace's functions and triggers as of a moment that the request names. */
export const registryThen = async (
  deps: RouteDeps,
  workspace: string,
  asOf: string,
): Promise<RegistryIndex> =>
  deps.operations.timeTravel.registryAsOf(workspace, await pastMoment(deps, asOf, 'asOf'));

/** What it lacked is told by the registry that it stood in. */
export const triggerThen = (
  { kinds, schemes }: Pick<RouteDeps, 'kinds' | 'schemes'>,
  registry: RegistryIndex,
  entry: TriggerEntry,
): TriggerObject =>
  toRecordedTrigger(entry, troubleWith({ engine: { registry }, kinds, schemes }, entry));
