import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { isTriplineError } from '../../domain/errors.ts';
import type { SkipReason } from '../../domain/replay/order.ts';
import { expiredUpTo, isExpired } from '../../log/expired-body.ts';
import { functionFor, type RegistryIndex } from '../../routing/registry-index.ts';
import type { EventStore } from '../../store/event-store.ts';
import { type CallSecretsDeps, createCallSecrets } from '../call-secrets.ts';
import { createTriggerVersions } from '../trigger-versions.ts';
import type { Definition, Delivery } from './verdict.ts';

export interface ObstaclesDeps extends CallSecretsDeps {
  readonly store: Pick<EventStore, 'readStream' | 'readPayloads'>;
  readonly registry: Pick<RegistryIndex, 'triggerById' | 'functionById'>;
}

/** Why a call that is wanted could not be made; undefined where nothing is known of that. */
export type ObstacleTo = (
  arrival: ArrivalDocument,
  delivery: Delivery,
) => Promise<SkipReason | undefined>;

/** To be made anew from time to time: what was read of the log is remembered. */
export const createObstacles = (deps: ObstaclesDeps): ObstacleTo => {
  const { store, registry } = deps;
  const secrets = createCallSecrets(deps);
  const versionOf = createTriggerVersions(deps);

  const triggerOf = async (definition: Definition): Promise<TriggerEntry | undefined> =>
    'trigger' in definition
      ? definition.trigger
      : await versionOf(definition.like.triggerId, definition.like.triggerVersion);

  const isReadable = async ({ definition }: Delivery, workspace: string): Promise<boolean> => {
    const { functionId } = 'trigger' in definition ? definition.trigger : definition.like;
    const target = functionFor(registry, { workspace, functionId });
    const trigger = await triggerOf(definition);
    try {
      if (target !== undefined) secrets.keysOf(target);
      if (trigger !== undefined) secrets.paramsOf(trigger);
      return true;
    } catch (error) {
      if (!isTriplineError(error, 'secret-unreadable')) throw error;
      return false;
    }
  };

  let expired: Promise<string> | undefined;
  const isGone = async (arrival: ArrivalDocument): Promise<boolean> => {
    if (arrival.isForgotten) return true;
    expired ??= expiredUpTo(store);
    return arrival.position <= (await expired) && (await isExpired(store, arrival));
  };

  return async (arrival, delivery) => {
    if (!(await isReadable(delivery, arrival.workspace))) return 'secret-unreadable';
    return (await isGone(arrival)) ? 'payload-forgotten' : undefined;
  };
};
