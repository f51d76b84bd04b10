import type { TriggerEntry } from '../../../projections/registry.ts';
import { asksForBody } from '../invocation-terms.ts';
import { queueCommandOf } from '../queue-command.ts';
import { route } from '../route.ts';
import { withheldFrom } from '../withheld.ts';
import { defineReactor, type Reaction } from './reactor.ts';

const none: readonly Reaction[] = [];

/**
 * An arrival becomes one invocation of each trigger it fires, as things stood when it arrived; of
 * those that match but do not run, it is recorded that they got nothing. What was decided when it
 * was recorded is not decided again; but a trigger that starts from the past and came in between has
 * it neither from there nor from that decision, which did not know of it, and so is given it here.
 */
export const routeArrivals = defineReactor({
  name: 'route-arrivals',
  on: {
    EventArrived: (event, views) => {
      const { arrivalId, decidedAt, request } = event.data;
      if (decidedAt !== undefined && decidedAt >= views.registry.lastLateAt) return none;
      const { workspace } = event.metadata;
      const isNew = ({ startFrom }: TriggerEntry): boolean =>
        decidedAt === undefined || (startFrom?.upTo ?? '') > decidedAt;
      const bodyOf = () => views.bodyOf(event);
      const routings = route(views.registry, { ...event.data, workspace, bodyOf });
      const fired = routings.flatMap((routing): readonly Reaction[] => {
        if (!routing.fired || !isNew(routing.trigger)) return none;
        const { trigger } = routing;
        const body = asksForBody(trigger) ? bodyOf() : undefined;
        const command = queueCommandOf(trigger, { arrivalId, request, body }, views.registry);
        return [{ type: 'queue', invocationId: command.invocationId, command }];
      });
      const passedOver = decidedAt === undefined ? withheldFrom(routings) : undefined;
      if (passedOver === undefined) return fired;
      return [
        ...fired,
        { type: 'withhold', arrivalId, command: { type: 'WithholdEvent', ...passedOver } },
      ];
    },
  },
});
