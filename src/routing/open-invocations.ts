import type { QueueEntry } from '../../projections/queue.ts';

const none: readonly string[] = [];

/** The queue by trigger, so that asking for one costs nothing for the others. */
export const createOpenInvocations = () => {
  const byTrigger = new Map<string, Set<string>>();

  const add = ({ triggerId, invocationId }: QueueEntry): void => {
    const known = byTrigger.get(triggerId);
    if (known) known.add(invocationId);
    else byTrigger.set(triggerId, new Set([invocationId]));
  };

  const remove = ({ triggerId, invocationId }: QueueEntry): void => {
    const known = byTrigger.get(triggerId);
    known?.delete(invocationId);
    if (known?.size === 0) byTrigger.delete(triggerId);
  };

  return {
    /** To be told of every change of the queue view, in order. */
    changed(before: QueueEntry | undefined, after: QueueEntry | undefined): void {
      if (before === undefined && after !== undefined) add(after);
      else if (before !== undefined && after === undefined) remove(before);
    },
    /** Oldest first. */
    of: (triggerId: string): readonly string[] => [...(byTrigger.get(triggerId) ?? none)],
  };
};
