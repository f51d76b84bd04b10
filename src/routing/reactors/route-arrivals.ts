import { asksForBody } from '../invocation-terms.ts';
import { queueCommandOf } from '../queue-command.ts';
import { route } from '../route.ts';
import { withheldFrom } from '../withheld.ts';
import { defineReactor, type Reaction } from './reactor.ts';

const none: readonly Reaction[] = [];

/**
 * An arrival becomes one invocation of each trigger it fires, as things stood when it arrived; of
 * those that match but do not run, it is recorded that they got nothing. What was decided when it
 * was recorded is not decided again.
 */
export const routeArrivals = defineReactor({
  name: 'route-arrivals',
  on: {
    EventArrived: (event, views) => {
      const { source, acceptedFor, arrivalId, decidedAt, request } = event.data;
      if (decidedAt !== undefined) return none;
      const { workspace } = event.metadata;
      const routings = route(views.registry, { workspace, source, acceptedFor });
      const fired = routings.flatMap((routing): readonly Reaction[] => {
        if (!routing.fired) return none;
        const { trigger } = routing;
        const body = asksForBody(trigger) ? views.bodyOf(event) : undefined;
        const command = queueCommandOf(trigger, { arrivalId, request, body }, views.registry);
        return [{ type: 'queue', invocationId: command.invocationId, command }];
      });
      const passedOver = withheldFrom(routings);
      if (passedOver === undefined) return fired;
      return [
        ...fired,
        { type: 'withhold', arrivalId, command: { type: 'WithholdEvent', ...passedOver } },
      ];
    },
  },
});
