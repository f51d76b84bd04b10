import type { Position } from '../../../src/domain/position.ts';
import type { StoredEvent } from '../../../src/domain/recorded.ts';
import type { EventStore, SubscriptionHandlers } from '../../../src/store/event-store.ts';

export interface Followed extends AsyncDisposable {
  /** All that was handled, other writers' events included. */
  readonly received: readonly StoredEvent[];
  of(stream: string): StoredEvent[];
  until(done: (received: readonly StoredEvent[]) => boolean): Promise<void>;
  readonly caughtUp: Promise<void>;
  readonly dropped: Promise<Error>;
}

/** A subscription that remembers what it was handed, once the handler is through with it. */
export const follow = (
  store: Pick<EventStore, 'subscribeAll'>,
  from: Position | 'start' | 'end',
  handlers: Partial<SubscriptionHandlers> = {},
): Followed => {
  const received: StoredEvent[] = [];
  const waiting = new Set<() => void>();
  let markCaughtUp = (): void => {};
  let markDropped = (_: Error): void => {};
  const caughtUp = new Promise<void>((resolve) => {
    markCaughtUp = resolve;
  });
  const dropped = new Promise<Error>((resolve) => {
    markDropped = resolve;
  });
  const subscription = store.subscribeAll(
    { from },
    {
      onEvents: async (events) => {
        await handlers.onEvents?.(events);
        received.push(...events);
        for (const check of waiting) check();
      },
      onCaughtUp: () => markCaughtUp(),
      onDropped: (reason) => markDropped(reason),
    },
  );

  return {
    received,
    caughtUp,
    dropped,
    of: (stream) => received.filter((event) => event.stream === stream),
    until: (done) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!done(received)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: () => subscription.unsubscribe(),
  };
};
