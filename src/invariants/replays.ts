import type { Recorded } from '../domain/events.ts';
import { replayedIdOf } from '../domain/ids.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

interface Replay {
  readonly workspace: string;
  readonly end: string;
  readonly status: 'requested' | 'running' | 'over' | 'completed';
  readonly upTo: string;
}

/**
 * A replay delivers an arrival to a trigger once at most, as the invocation named after all three,
 * between its count and its end; it goes on in the order of the log, never past the end of its range,
 * and is complete when all that it queued has ended.
 */
export const replays: DefineInvariant = ({ invocations, remembers }) => {
  const known = new Map<string, Replay>();

  const became = (replayId: string, changes: Partial<Replay>): void => {
    const before = known.get(replayId);
    if (before !== undefined) known.set(replayId, { ...before, ...changes });
  };

  const queue = ({ data, metadata }: Recorded<'InvocationQueued'>, demand: Demand): void => {
    const { invocationId, arrivalId, triggerId, replay } = data;
    if (replay === undefined) return;
    const { id } = replay;
    const expected = replayedIdOf(id, arrivalId, triggerId);
    demand(invocationId === expected, `${invocationId} of replay ${id} is not ${expected}`);
    const of = known.get(id);
    if (of === undefined && remembers === 'open') return;
    const { status = 'never requested', workspace = '' } = of ?? {};
    // What was asked for just before the replay was cancelled may be recorded just after.
    const isTime = status === 'running' || status === 'over';
    demand(isTime, `${invocationId} is queued by replay ${id}, which is ${status}`);
    demand(
      workspace === metadata.workspace,
      `${invocationId} is of ${metadata.workspace}, replay ${id} of ${workspace}`,
    );
  };

  const advance = ({ data }: Recorded<'ReplayAdvanced'>, demand: Demand): void => {
    const { replayId, upTo } = data;
    const before = known.get(replayId);
    if (before === undefined) return;
    demand(upTo > before.upTo, `${replayId} goes on from ${before.upTo} to ${upTo}`);
    demand(upTo <= before.end, `${replayId} goes on to ${upTo}, behind its end ${before.end}`);
    became(replayId, { upTo });
  };

  const complete = ({ data: { replayId } }: Recorded<'ReplayCompleted'>, demand: Demand): void => {
    for (const [invocationId, { queued }] of invocations.open) {
      const isOfIt = queued.replay?.id === replayId;
      demand(!isOfIt, `${replayId} is complete, but ${invocationId} has not ended`);
    }
    became(replayId, { status: 'completed' });
  };

  const end = ({ data }: Recorded<'ReplayCancelled' | 'ReplayFailed'>): void =>
    became(data.replayId, { status: 'over' });

  return {
    on: {
      ReplayRequested: ({ data: { replayId, order }, metadata: { workspace } }) =>
        void known.set(replayId, {
          workspace,
          end: order.upTo,
          status: 'requested',
          upTo: order.after,
        }),
      ReplayCounted: ({ data }) => became(data.replayId, { status: 'running' }),
      ReplayAdvanced: advance,
      InvocationQueued: queue,
      ReplayCompleted: complete,
      ReplayCancelled: end,
      ReplayFailed: end,
    },
    atRest(demand) {
      for (const [replayId, { status }] of known)
        demand(status !== 'requested', `${replayId} was never begun`);
    },
  };
};
