import type { QueueEntry } from '../../projections/queue.ts';
import type { Recorded } from '../domain/events.ts';
import type { Reaction } from '../routing/reactors/reactor.ts';
import type { Documents } from '../views/hot-views.ts';
import type { ArrivalMemory } from './arrival-memory.ts';
import type { AttemptRunner } from './attempt-runner.ts';

export interface BodiesKeptDeps {
  readonly ownerId: string;
  readonly arrivals: ArrivalMemory;
  readonly attempts: Pick<AttemptRunner, 'keepNoAnswer'>;
  readonly queue: Documents<QueueEntry>;
}

/** Bodies that first attempts will ask for stay in memory until then, or until they are forgotten. */
export const createBodiesKept = ({ ownerId, arrivals, attempts, queue }: BodiesKeptDeps) => {
  /** The last one that came by. */
  let arrived: Recorded<'EventArrived'> | undefined;

  const forget = (arrivalId: string): void => {
    arrivals.forget(arrivalId);
    attempts.keepNoAnswer((id) => queue.get(id)?.arrivalId === arrivalId);
  };

  return {
    /** To be told with what follows from a fact. */
    heard(event: Recorded, reactions: readonly Reaction[]): void {
      if (event.type === 'EventArrived') {
        arrived = event;
        const queued = reactions.filter((reaction) => reaction.type === 'queue');
        if (queued.length > 0) arrivals.keep(event, queued.length);
      } else if (event.type === 'InvocationQueued' && arrived?.stream === event.stream) {
        arrivals.keep(arrived, 1);
      } else if (event.type === 'PayloadForgotten') forget(event.data.arrivalId);
    },
    /** To be told before the views are: whose first attempt is not made here asks for no arrival. */
    letGo({ type, data }: Recorded): void {
      const startsElsewhere =
        type === 'InvocationStarted' && data.attempt === 1 && data.claimedBy !== ownerId;
      const endsUnstarted =
        (type === 'InvocationCancelled' || type === 'InvocationDeadLettered') && data.attempt === 0;
      if (!startsElsewhere && !endsUnstarted) return;
      const entry = queue.get(data.invocationId);
      if (entry !== undefined) arrivals.take(entry.arrivalId);
    },
  };
};

export type BodiesKept = ReturnType<typeof createBodiesKept>;
