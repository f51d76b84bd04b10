import type { Recorded } from '../src/domain/events.ts';
import { catchUpOrder } from '../src/domain/replay/catch-up.ts';
import type { ReplayOrder } from '../src/domain/replay/order.ts';
import { defineProjection } from './projection.ts';

export interface OpenReplay {
  readonly replayId: string;
  readonly workspace: string;
  readonly order: ReplayOrder;
  /** `owed`: to a trigger that was registered, and not requested yet. */
  readonly status: 'owed' | 'requested' | 'counting' | 'running' | 'paused';
  /** Id of the fact that it was requested by: what it leads to is caused by that. */
  readonly requestedBy: string;
  /** Who wanted it. */
  readonly actor: string;
  readonly correlationId: string;
  /** Everything up to there has been dealt with. */
  readonly position: string;
  /** What it has queued since: after a crash it goes on with exactly the others. */
  readonly queued: readonly string[];
}

const over = () => undefined;

const withStatus =
  (status: OpenReplay['status']) =>
  (replay: OpenReplay | undefined): OpenReplay | undefined =>
    replay && { ...replay, status };

const begun = (
  { id, metadata }: Pick<Recorded, 'id' | 'metadata'>,
  replayId: string,
  order: ReplayOrder,
) => ({
  replayId,
  workspace: metadata.workspace,
  order,
  requestedBy: id,
  actor: metadata.actor,
  correlationId: metadata.$correlationId,
  position: order.after,
  queued: [],
});

/** Replays that have not ended, and how far each has come: what their runner goes by. */
export const openReplays = defineProjection<OpenReplay>({
  name: 'openReplays',
  version: 2,
  key: ({ data }) => {
    if ('startFrom' in data) return data.startFrom?.replayId;
    if ('replayId' in data) return data.replayId;
    return 'replay' in data ? data.replay?.id : undefined;
  },
  evolve: {
    TriggerRegistered: (_, event) => {
      const { startFrom, ...data } = event.data;
      if (startFrom === undefined) return undefined;
      const order = catchUpOrder({ ...data, startFrom }, event.position);
      return { ...begun(event, startFrom.replayId, order), status: 'owed' };
    },
    ReplayRequested: (_, event) => {
      const { replayId, order } = event.data;
      return { ...begun(event, replayId, order), status: 'requested' };
    },
    ReplayCountBegun: withStatus('counting'),
    ReplayCounted: withStatus('running'),
    ReplayPaused: withStatus('paused'),
    ReplayResumed: withStatus('running'),
    InvocationQueued: (replay, { data }) =>
      replay && { ...replay, queued: [...replay.queued, data.invocationId] },
    ReplayAdvanced: (replay, { data }) => replay && { ...replay, position: data.upTo, queued: [] },
    ReplayCompleted: over,
    ReplayCancelled: over,
    ReplayFailed: over,
  },
});
