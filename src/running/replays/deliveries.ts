import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import { replayedIdOf } from '../../domain/ids.ts';
import type { QueueInvocation } from '../../domain/invocation/commands.ts';
import { queueCommandOf } from '../../routing/queue-command.ts';
import type { RegistryIndex } from '../../routing/registry-index.ts';
import type { Selectable } from '../../triggers/selector.ts';
import type { ArrivalMemory } from '../arrival-memory.ts';
import type { Definition, Delivery } from './verdict.ts';

export interface DeliveriesDeps {
  readonly registry: RegistryIndex;
  readonly arrivals: Pick<ArrivalMemory, 'read'>;
}

const nothing: Selectable = { request: null, body: undefined };

/** What is queued where an arrival is delivered again. */
export const createDeliveries = ({ registry, arrivals }: DeliveriesDeps) => {
  /** Only an ordering key is taken out of what arrived. */
  const selectableOf = async (
    { triggerMetadata }: Extract<Definition, { trigger: unknown }>['trigger'],
    arrivalId: string,
  ): Promise<Selectable> => {
    if (!('orderingKey' in triggerMetadata)) return nothing;
    const { arrival, body } = await arrivals.read(arrivalId);
    return { request: arrival.data.request, body };
  };

  const commandBy = async (definition: Definition, arrivalId: string): Promise<QueueInvocation> => {
    if ('trigger' in definition) {
      const { trigger, pinned } = definition;
      const selectable = await selectableOf(trigger, arrivalId);
      const command = queueCommandOf(trigger, { arrivalId, ...selectable }, registry);
      return pinned ? { ...command, pinnedTo: trigger.version } : command;
    }
    const { invocationId, triggerId, functionId, triggerVersion } = definition.like;
    const { orderingKey, policy, timeoutMs } = definition.like;
    return {
      type: 'QueueInvocation',
      ...{ invocationId, triggerId, functionId, arrivalId, triggerVersion },
      ...{ orderingKey, policy, timeoutMs, pinnedTo: triggerVersion },
      ...{ retryOf: null, start: null },
    };
  };

  return async (
    replayId: string,
    { arrivalId }: Pick<ArrivalDocument, 'arrivalId'>,
    { triggerId, definition, repeats }: Delivery,
  ): Promise<QueueInvocation> => ({
    ...(await commandBy(definition, arrivalId)),
    invocationId: replayedIdOf(replayId, arrivalId, triggerId),
    replay: { id: replayId, repeats },
  });
};

export type Deliveries = ReturnType<typeof createDeliveries>;
