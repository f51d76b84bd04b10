import type { Recorded } from '../domain/events.ts';
import type { Reaction } from '../routing/reactors/reactor.ts';

interface Owed {
  readonly reaction: Reaction;
  readonly event: Recorded;
}

const labelOf = (reaction: Reaction): string => {
  switch (reaction.type) {
    case 'queue':
    case 'repeat':
      return `queue/${reaction.invocationId}`;
    case 'cancel':
      return `cancel/${reaction.invocationId}`;
    case 'withhold':
      return `withhold/${reaction.arrivalId}`;
    case 'forget':
      return `forget/${reaction.places.join(' ')}`;
    case 'expire':
      return `expire/${reaction.expired.after}`;
    case 'suspend':
      return `suspend/${reaction.triggerId}`;
  }
};

/** The label of what a fact shows to be done, or to be overtaken by what people did since. */
const settledBy = (event: Recorded): string | undefined => {
  switch (event.type) {
    case 'InvocationQueued':
      return `queue/${event.data.invocationId}`;
    case 'InvocationSucceeded':
    case 'InvocationDeadLettered':
    case 'InvocationCancelled':
      return `cancel/${event.data.invocationId}`;
    case 'EventWithheld':
      return `withhold/${event.data.arrivalId}`;
    case 'TriggerPaused':
    case 'TriggerResumed':
    case 'TriggerSuspended':
    case 'TriggerRetired':
      return `suspend/${event.data.triggerId}`;
    default:
      return undefined;
  }
};

/**
 * While the log is caught up with, most reactions have long been carried out; the log itself says
 * which. What is left at its end is owed.
 */
export const createOwedReactions = () => {
  const owed = new Map<string, Owed>();
  return {
    settle(event: Recorded): void {
      const label = settledBy(event);
      if (label !== undefined) owed.delete(label);
    },
    add(reaction: Reaction, event: Recorded): void {
      owed.set(labelOf(reaction), { reaction, event });
    },
    get size() {
      return owed.size;
    },
    /** In the order of the log. */
    takeAll(): readonly Owed[] {
      const all = [...owed.values()];
      owed.clear();
      return all;
    },
  };
};
