import { defineReactor, type Reaction, type ReactorViews } from './reactor.ts';

const reason = 'trigger deleted';

/** Its start may have been recorded meanwhile, or with it. */
const cancelled = (invocationId: string): Reaction => ({
  ...{ type: 'cancel', invocationId, reason },
  unlessRunning: true,
});

const ifOrphaned = (
  { data }: { readonly data: { readonly invocationId: string; readonly triggerId: string } },
  { registry }: ReactorViews,
): readonly Reaction[] =>
  registry.triggerById(data.triggerId) === undefined ? [cancelled(data.invocationId)] : [];

/**
 * What has not begun when its trigger is deleted ends there, with a record; what runs may finish,
 * but is not tried again.
 */
export const cancelOrphans = defineReactor({
  name: 'cancel-orphans',
  on: {
    TriggerRetired: ({ data }, { queue, openOf }) =>
      openOf(data.triggerId)
        .filter((invocationId) => queue.get(invocationId)?.status !== 'running')
        .map(cancelled),
    InvocationQueued: ifOrphaned,
    InvocationFailed: ifOrphaned,
    AttemptLost: ifOrphaned,
  },
});
