import type { QueueEntry } from '../../projections/queue.ts';
import type { InvocationState } from '../domain/invocation/decider.ts';

/** Where an open invocation stands, from what the queue has of it. */
export const restoredState = (entry: QueueEntry): InvocationState => {
  const { invocationId, triggerId, functionId, policy, status } = entry;
  const { attempt, attemptId, used } = entry;
  return {
    value: status,
    context: { invocationId, triggerId, functionId, policy, attempt, attemptId, used, retries: 0 },
  };
};
