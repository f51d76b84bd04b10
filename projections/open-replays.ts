import type { ReplayOrder } from '../src/domain/replay/order.ts';
import { defineProjection } from './projection.ts';

export interface OpenReplay {
  readonly replayId: string;
  readonly workspace: string;
  readonly order: ReplayOrder;
  readonly status: 'requested' | 'counting' | 'running' | 'paused';
  /** Id of the fact that it was requested by: what it leads to is caused by that. */
  readonly requestedBy: string;
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

/** Replays that have not ended, and how far each has come: what their runner goes by. */
export const openReplays = defineProjection<OpenReplay>({
  name: 'openReplays',
  version: 1,
  key: ({ data }) => {
    if ('replayId' in data) return data.replayId;
    return 'replay' in data ? data.replay?.id : undefined;
  },
  evolve: {
    ReplayRequested: (_, { id, data: { replayId, order }, metadata }) => ({
      replayId,
      workspace: metadata.workspace,
      order,
      status: 'requested',
      requestedBy: id,
      correlationId: metadata.$correlationId,
      position: order.after,
      queued: [],
    }),
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
