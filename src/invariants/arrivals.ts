import type { Recorded } from '../domain/events.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

/** An arrival is recorded once, and what is said of one is said of one there is. */
export const arrivals: DefineInvariant = ({ remembers }) => {
  const known = new Set<string>();

  const mustBeKnown = (
    { data, revision }: Recorded<'DeliveryRepeated' | 'EventWithheld' | 'PayloadForgotten'>,
    demand: Demand,
  ): void => {
    const isThere = remembers === 'all' ? known.has(data.arrivalId) : revision > 0;
    demand(isThere, `there is no arrival ${data.arrivalId}`);
  };

  return {
    on: {
      EventArrived({ data, revision }, demand) {
        const isNew = !known.has(data.arrivalId) && revision === 0;
        demand(isNew, `${data.arrivalId} has arrived before`);
        if (remembers === 'all') known.add(data.arrivalId);
      },
      DeliveryRepeated: mustBeKnown,
      EventWithheld: mustBeKnown,
      PayloadForgotten: mustBeKnown,
    },
  };
};
