import type { Recorded } from '../domain/events.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

interface Late {
  readonly triggerId: string;
  readonly after: string;
  readonly upTo: string;
  readonly isRequested: boolean;
}

type End = Recorded<'ReplayCompleted' | 'ReplayCancelled' | 'ReplayFailed'>;

/**
 * A trigger that starts from the past is given that first, by one replay that ends where the trigger
 * was registered: before it is over, nothing of the trigger is started that came in since.
 */
export const lateStarts: DefineInvariant = ({ invocations }) => {
  /** Those that are not over, by their replays, and these by the triggers. */
  const open = new Map<string, Late>();
  const replayOf = new Map<string, string>();

  const register = ({ data, position }: Recorded<'TriggerRegistered'>, demand: Demand): void => {
    const { triggerId, startFrom } = data;
    if (startFrom === undefined) return;
    const { replayId, after } = startFrom;
    demand(after < position, `${triggerId} starts from ${after}, which has not been yet`);
    open.set(replayId, { triggerId, after, upTo: position, isRequested: false });
    replayOf.set(triggerId, replayId);
  };

  const request = ({ data }: Recorded<'ReplayRequested'>, demand: Demand): void => {
    const { replayId, order } = data;
    const late = open.get(replayId);
    const isLate = order.mode === 'catch-up';
    demand(isLate === (late !== undefined), `${replayId} is not what a trigger starts with`);
    if (late === undefined) return;
    const { triggerId, after, upTo } = late;
    const isWhole = order.after === after && order.upTo === upTo;
    demand(isWhole, `${replayId} is of ${order.after} to ${order.upTo}, not ${after} to ${upTo}`);
    const triggers = 'triggers' in order.only ? order.only.triggers : [];
    const isForIt = triggers.length === 1 && triggers[0] === triggerId;
    demand(isForIt, `${replayId} is for ${triggers}, not for ${triggerId} alone`);
    open.set(replayId, { ...late, isRequested: true });
  };

  const start = ({ data }: Recorded<'InvocationStarted'>, demand: Demand): void => {
    const { invocationId, triggerId } = data;
    const replayId = replayOf.get(triggerId);
    if (replayId === undefined) return;
    const isReplayed = invocations.open.get(invocationId)?.queued.replay !== undefined;
    demand(
      isReplayed,
      `${invocationId} started before ${replayId}, which ${triggerId} begins with`,
    );
  };

  const end = ({ data: { replayId } }: End): void => {
    replayOf.delete(open.get(replayId)?.triggerId ?? '');
    open.delete(replayId);
  };

  return {
    on: {
      TriggerRegistered: register,
      ReplayRequested: request,
      InvocationStarted: start,
      ReplayCompleted: end,
      ReplayCancelled: end,
      ReplayFailed: end,
    },
    atRest(demand) {
      for (const [replayId, { triggerId, isRequested }] of open)
        demand(isRequested, `${triggerId} is to begin with ${replayId}, which nobody asked for`);
    },
  };
};
