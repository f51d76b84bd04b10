import type { Position } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore, SubscriptionHandlers } from '../../src/store/event-store.ts';

/** A log whose subscriptions live and drop when the test says so. */
export const createScriptedReader = () => {
  const asked: (Position | 'start' | 'end')[] = [];
  let handlers: SubscriptionHandlers | undefined;
  let open = 0;
  let refusal: Error | undefined;
  const reader: Pick<EventStore, 'subscribeAll'> = {
    subscribeAll: ({ from }, given) => {
      asked.push(from);
      if (refusal !== undefined) throw refusal;
      handlers = given;
      open += 1;
      return {
        unsubscribe: async () => {
          open -= 1;
        },
      };
    },
  };
  return {
    reader,
    /** Where each subscription was asked to begin. */
    asked,
    open: () => open,
    refuseWith: (error: Error | undefined) => {
      refusal = error;
    },
    deliver: async (events: readonly StoredEvent[]) => {
      await handlers?.onEvents(events);
    },
    caughtUp: () => handlers?.onCaughtUp?.(),
    drop: (reason: Error) => handlers?.onDropped?.(reason),
  };
};
