import type { Recorded } from '../domain/events.ts';
import { isArrival, isLane } from '../domain/ids.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

type End = Recorded<
  'InvocationSucceeded' | 'InvocationFailed' | 'AttemptLost' | 'InvocationDeadLettered'
>;

/**
 * Who runs a lane that others may take is whoever took it last: nobody else records anything in it, and a start that
 * rides in an arrival behind that is void, so that nobody has made its call.
 */
export const fence: DefineInvariant = () => {
  let holder: string | undefined;
  /** Attempts that nobody was to call, by their ids. */
  const voided = new Map<string, string>();

  const start = ({ stream, data }: Recorded<'InvocationStarted'>, demand: Demand): void => {
    const { invocationId, attemptId, claimedBy } = data;
    if (holder === undefined || claimedBy === holder) return;
    if (isArrival(stream)) voided.set(invocationId, attemptId);
    else demand(!isLane(stream), `${invocationId} is started by ${claimedBy}, not by ${holder}`);
  };

  const end = ({ type, data }: End, demand: Demand): void => {
    const { invocationId } = data;
    if (!voided.delete(invocationId)) return;
    const isFree = type === 'InvocationFailed' && data.failure.kind === 'shutdown';
    const isGivenUp = isFree || type === 'AttemptLost';
    demand(isGivenUp, `${invocationId} has the outcome of a start that was void`);
  };

  return {
    on: {
      LaneTaken: ({ data }) => {
        holder = data.instance;
      },
      InvocationStarted: start,
      InvocationSucceeded: end,
      InvocationFailed: end,
      AttemptLost: end,
      InvocationDeadLettered: end,
      InvocationCancelled: ({ data }) => void voided.delete(data.invocationId),
    },
  };
};
