import type { TriggerEntry } from '../../projections/registry.ts';
import { invocationIdOf } from '../domain/ids.ts';
import type { QueueInvocation } from '../domain/invocation/commands.ts';
import type { Selectable } from '../triggers/selector.ts';
import { termsOf } from './invocation-terms.ts';
import { functionFor, type RegistryIndex } from './registry-index.ts';

/** Of an arrival: what decides how an invocation of it is queued. */
export interface Queueable extends Selectable {
  readonly arrivalId: string;
}

/** What a trigger that an arrival fires makes of it, as of the registry. */
export const queueCommandOf = (
  trigger: TriggerEntry,
  arrival: Queueable,
  registry: RegistryIndex,
): QueueInvocation => {
  const { arrivalId } = arrival;
  const { triggerId, functionId, version } = trigger;
  const { orderingKey, policy, timeoutMs } = termsOf(
    trigger,
    functionFor(registry, trigger),
    arrival,
  );
  return {
    type: 'QueueInvocation',
    invocationId: invocationIdOf(arrivalId, triggerId),
    triggerId,
    functionId,
    arrivalId,
    triggerVersion: version,
    orderingKey,
    policy,
    timeoutMs,
    retryOf: null,
    start: null,
  };
};
