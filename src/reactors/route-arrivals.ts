import type { TriggerEntry } from '../../projections/registry.ts';
import { termsOf } from '../dispatch/invocation-terms.ts';
import { functionFor } from '../dispatch/registry-index.ts';
import { route } from '../dispatch/route.ts';
import type { Recorded } from '../domain/events.ts';
import { invocationIdOf } from '../domain/ids.ts';
import { defineReactor, type Reaction, type ReactorViews } from './reactor.ts';

const none: readonly Reaction[] = [];

const queued = (
  trigger: TriggerEntry,
  { data }: Recorded<'EventArrived'>,
  { registry }: ReactorViews,
): Reaction => {
  const { arrivalId } = data;
  const invocationId = invocationIdOf(arrivalId, trigger.triggerId);
  return {
    type: 'queue',
    invocationId,
    command: {
      type: 'QueueInvocation',
      invocationId,
      triggerId: trigger.triggerId,
      functionId: trigger.functionId,
      arrivalId,
      triggerVersion: trigger.version,
      ...termsOf(trigger, functionFor(registry, trigger), data),
      retryOf: null,
      start: null,
    },
  };
};

/** An arrival becomes one invocation of each trigger it fires, as things stood when it arrived. */
export const routeArrivals = defineReactor({
  name: 'route-arrivals',
  on: {
    EventArrived: (event, views) => {
      const { source } = event.data;
      const routings = route(views.registry, { workspace: event.metadata.workspace, source });
      if (routings.length === 0) return none;
      return routings.flatMap((routing) =>
        routing.fired ? [queued(routing.trigger, event, views)] : none,
      );
    },
  },
});
