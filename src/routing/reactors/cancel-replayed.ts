import { defineReactor, type Reaction } from './reactor.ts';

const none: readonly Reaction[] = [];
const reason = 'replay cancelled';

const cancelled = (invocationId: string): Reaction => ({
  ...{ type: 'cancel', invocationId, reason },
  unlessRunning: true,
});

/**
 * What a replay has queued and what does not run when it is cancelled ends there, and so does what was on its
 * way into the log at that time. What another process cannot know of yet, it may start: that goes on too.
 */
export const cancelReplayed = defineReactor({
  name: 'cancel-replayed',
  on: {
    ReplayCancelled: ({ data }, { queue }) =>
      [...queue.values()]
        .filter(({ replayId, status }) => replayId === data.replayId && status !== 'running')
        .map(({ invocationId }) => cancelled(invocationId)),
    InvocationQueued: ({ data: { invocationId, replay } }, { openReplays }) =>
      replay === undefined || openReplays.get(replay.id) !== undefined
        ? none
        : [cancelled(invocationId)],
  },
});
