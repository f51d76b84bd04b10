import type { DataOf } from '../events.ts';
import type { ReplayOrder } from './order.ts';

type Registered = DataOf<'TriggerRegistered'>;
type Late = Pick<Registered, 'triggerId' | 'executionType'> & {
  readonly startFrom: NonNullable<Registered['startFrom']>;
};

/** Its invocations that may be open at once; the trigger's own limit holds besides. */
const concurrency = 64;

/**
 * What a trigger is given first that was registered at a place in the log: all that concerns it up to
 * there. What comes behind is live, so that nothing is in both.
 */
export const catchUpOrder = (
  { triggerId, executionType, startFrom: { after } }: Late,
  registeredAt: string,
): ReplayOrder => ({
  after,
  upTo: registeredAt,
  among: { arrivals: { source: { kind: executionType } } },
  only: { triggers: [triggerId] },
  versions: 'as-now',
  mode: 'catch-up',
  perSecond: null,
  concurrency,
});
