import type { DataOf } from '../domain/events.ts';
import type { Routing } from './route.ts';

/** The list is bounded, so that a log of events that many stopped triggers match stays readable. */
const mostNamed = 256;

/** Triggers that an arrival concerns and that take nothing; undefined where there are none. */
export const withheldFrom = (
  routings: readonly Routing[],
): Pick<DataOf<'EventWithheld'>, 'triggers' | 'total'> | undefined => {
  const triggers = routings.flatMap((routing) =>
    routing.fired ? [] : [{ triggerId: routing.triggerId, reason: routing.reason }],
  );
  if (triggers.length === 0) return undefined;
  return { triggers: triggers.slice(0, mostNamed), total: triggers.length };
};
