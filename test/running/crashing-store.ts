import type { EventStore, Subscription } from '../../src/store/event-store.ts';

/** Never settles: whoever waits for it died with its process. */
const never = new Promise<never>(() => {});

export interface CrashingStore extends EventStore {
  /** Resolves when the process that used this store is no more. */
  readonly crashed: Promise<void>;
}

/**
 * The store as a process sees it that dies at its n-th append: either just before the append is
 * stored, or just after, with no answer. From then on the process neither hears nor is heard.
 */
export const createCrashingStore = (
  inner: EventStore,
  atAppend: number,
  moment: 'before' | 'after',
): CrashingStore => {
  const subscriptions = new Set<Subscription>();
  let appends = 0;
  let dead = false;
  let tell: () => void = () => {};
  const crashed = new Promise<void>((resolve) => {
    tell = resolve;
  });

  const die = (): void => {
    dead = true;
    for (const subscription of subscriptions) void subscription.unsubscribe();
    tell();
  };

  return {
    ...inner,
    exclusive: inner.exclusive,
    crashed,
    async append(...parts) {
      appends += 1;
      if (dead) return never;
      if (appends < atAppend) return inner.append(...parts);
      if (moment === 'after') await inner.append(...parts);
      die();
      return never;
    },
    readStream: (...parts) => (dead ? never : inner.readStream(...parts)),
    subscribeAll(options, handlers) {
      const subscription = inner.subscribeAll(options, {
        ...handlers,
        onEvents: (events) => (dead ? undefined : handlers.onEvents(events)),
      });
      subscriptions.add(subscription);
      return subscription;
    },
  };
};
