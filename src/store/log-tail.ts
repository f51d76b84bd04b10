import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { SubscribeOptions, Subscription, SubscriptionHandlers } from './event-store.ts';
import { createLogFollower, type LogFollower } from './log-follower.ts';
import { createPagesAhead } from './pages-ahead.ts';
import { createRecentEvents } from './recent-events.ts';

/** How many events a subscriber is handed at most at once. */
const pageSize = 1_000;

export interface LogTail {
  /** The next events of the log, in order and without a gap. */
  publish(events: readonly StoredEvent[]): void;
  /** The log goes on to `head`; subscribers read what is new by themselves. */
  advance(head: Position): void;
  subscribe(options: SubscribeOptions, handlers: SubscriptionHandlers): Subscription;
  /** Ends every subscription: silently, or with the reason why there is nothing more to come. */
  end(reason?: Error): Promise<void>;
}

export interface LogTailSource {
  readonly head: Position;
  readAfter(position: Position, maxCount: number): Promise<readonly StoredEvent[]>;
  /** Whether `readAfter` leaves this thread free to do something else meanwhile. */
  readonly readsElsewhere: boolean;
}

/**
 * Joins what is on disk with what is being committed. A subscriber knows one thing, the position it
 * has handled; it is fed from memory where that reaches back far enough and from disk where not, so
 * a slow one costs no memory, and nothing can be missed or come twice at the seam.
 */
export const createLogTail = (source: LogTailSource): LogTail => {
  const { readAfter, readsElsewhere } = source;
  let head = source.head;
  const recent = createRecentEvents();
  const followers = new Set<LogFollower>();

  const forgetHandled = (): void => {
    let slowest = head;
    for (const { position } of followers) if (position < slowest) slowest = position;
    recent.forgetUntil(slowest);
  };
  const wakeAll = (): void => {
    for (const follower of followers) follower.wake();
  };

  const subscribe = ({ from }: SubscribeOptions, handlers: SubscriptionHandlers): Subscription => {
    const pages = createPagesAhead(readAfter, (position) => readsElsewhere && position < head);
    const follower = createLogFollower({
      position: from === 'start' ? beginning : from === 'end' ? head : from,
      handlers,
      next: (position) => {
        const events = position >= head ? [] : recent.after(position, pageSize);
        if (events === undefined) return { live: false, events: pages.after(position, pageSize) };
        pages.forget();
        return { live: true, events };
      },
      onHandled: forgetHandled,
      onEnd: () => followers.delete(follower),
    });
    followers.add(follower);
    return { unsubscribe: () => follower.stop() };
  };

  return {
    publish: (events) => {
      const last = events.at(-1);
      if (last === undefined) return;
      if (followers.size > 0) recent.add(head, events);
      head = last.position;
      wakeAll();
    },
    advance: (position) => {
      if (position > head) head = position;
      wakeAll();
    },
    subscribe,
    end: async (reason) => {
      await Promise.all([...followers].map((follower) => follower.stop(reason)));
    },
  };
};
