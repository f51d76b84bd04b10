import type { TriggerEntry } from '../../projections/registry.ts';
import { termsOf } from '../dispatch/invocation-terms.ts';
import { functionFor } from '../dispatch/registry-index.ts';
import { type Routing, route } from '../dispatch/route.ts';
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
  const { orderingKey, policy, timeoutMs } = termsOf(trigger, functionFor(registry, trigger), data);
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
      orderingKey,
      policy,
      timeoutMs,
      retryOf: null,
      start: null,
    },
  };
};

/** The list is bounded, so that a log of events that many stopped triggers match stays readable. */
const mostNamed = 256;

const withheld = (routings: readonly Routing[], arrivalId: string): readonly Reaction[] => {
  const triggers = routings.flatMap((routing) =>
    routing.fired ? [] : [{ triggerId: routing.trigger.triggerId, reason: routing.reason }],
  );
  if (triggers.length === 0) return none;
  const { length: total } = triggers;
  const command = { type: 'WithholdEvent', triggers: triggers.slice(0, mostNamed), total } as const;
  return [{ type: 'withhold', arrivalId, command }];
};

/**
 * An arrival becomes one invocation of each trigger it fires, as things stood when it arrived; of
 * those that match but do not run, it is recorded that they got nothing.
 */
export const routeArrivals = defineReactor({
  name: 'route-arrivals',
  on: {
    EventArrived: (event, views) => {
      const { source } = event.data;
      const routings = route(views.registry, { workspace: event.metadata.workspace, source });
      if (routings.length === 0) return none;
      const fired = routings.flatMap((routing) =>
        routing.fired ? [queued(routing.trigger, event, views)] : none,
      );
      return fired.length === routings.length
        ? fired
        : [...fired, ...withheld(routings, event.data.arrivalId)];
    },
  },
});
