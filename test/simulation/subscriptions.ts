import type {
  EventStore,
  Subscription,
  SubscriptionHandlers,
} from '../../src/store/event-store.ts';
import type { ParkingLot } from './parking-lot.ts';
import type { StoreFates } from './store-fates.ts';

export interface SubscriptionsDeps {
  readonly disk: EventStore;
  readonly lot: ParkingLot;
  readonly owner: string;
  readonly fates: StoreFates;
}

/** Every batch is delivered when the driver says so, in as many pieces as chance makes of it. */
export const createSubscriptions = ({ disk, lot, owner, fates }: SubscriptionsDeps) => {
  const open = new Set<(reason?: Error) => void>();

  const inPieces =
    (handlers: SubscriptionHandlers, isOver: () => boolean): SubscriptionHandlers['onEvents'] =>
    async (events) => {
      for (let at = 0; at < events.length && !isOver(); ) {
        const piece = events.slice(at, at + fates.together(events.length - at));
        const label = `${owner} takes in ${piece.length}, to ${piece.at(-1)?.position}`;
        await lot.until({ owner, label }, () => undefined);
        if (!isOver()) await handlers.onEvents(piece);
        at += piece.length;
      }
    };

  const subscribeAll: EventStore['subscribeAll'] = (options, handlers) => {
    let over = false;
    const subscription: Subscription = disk.subscribeAll(options, {
      ...handlers,
      onEvents: inPieces(handlers, () => over),
    });
    const drop = (reason?: Error): void => {
      open.delete(drop);
      over = true;
      void subscription.unsubscribe();
      if (reason !== undefined) handlers.onDropped?.(reason);
    };
    open.add(drop);
    return {
      unsubscribe: () => {
        open.delete(drop);
        over = true;
        return subscription.unsubscribe();
      },
    };
  };

  return {
    subscribeAll,
    /** As when the connection is lost, or the store fails. */
    dropAll: (reason: Error): void => {
      for (const drop of [...open]) drop(reason);
    },
    /** As when the process is no more. */
    endAll: (): void => {
      for (const drop of [...open]) drop();
    },
  };
};
