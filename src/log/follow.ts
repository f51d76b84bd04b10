import type { Clock } from '../domain/clock.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore, Subscription } from '../store/event-store.ts';
import { jitteredDelay } from './backoff.ts';

export interface FollowOptions {
  /** Exclusive: the last position handled before; `beginning` for everything. */
  readonly from: Position;
  /** In log order, whole records, one batch at a time. A batch counts as handled when this resolves. */
  readonly onEvents: (events: readonly StoredEvent[]) => void | Promise<void>;
  readonly onLeftOut?: ((records: readonly StoredEvent[]) => void) | undefined;
  readonly onCaughtUp?: (() => void) | undefined;
  /** The handler threw, or the log is damaged: nothing more is delivered, and nothing was skipped. */
  readonly onFailed: (error: unknown) => void;
  readonly log: Logger;
  readonly random: () => number;
  readonly clock: Clock;
}

export interface Following {
  /** The last position handled. */
  readonly position: Position;
  /** Resolves when no handler runs and none will run any more. */
  stop(): Promise<void>;
}

const longestTurnMs = 10;

/** Trying again does not heal these. */
const isFatal = (error: unknown) =>
  isTriplineError(error, 'corrupt-store') ||
  isTriplineError(error, 'corrupt-stream') ||
  isTriplineError(error, 'store-failed');

/**
 * Follows the log for good: every event after `from` is handed over exactly once and in order, over
 * however many subscriptions that takes. A dropped one is replaced, after a jittered delay, from the
 * last position *handled*.
 */
export const follow = (
  reader: Pick<EventStore, 'subscribeAll'>,
  options: FollowOptions,
): Following => {
  const { log, clock, random } = options;
  let position = options.from;
  let over = false;
  let failures = 0;
  let told = false;
  let yieldedAt = clock.elapsed();
  let current: Subscription | undefined;
  let handling: Promise<void> | undefined;
  let cancelTimer: () => void = () => {};

  const leave = async (): Promise<void> => {
    const left = current;
    current = undefined;
    await left?.unsubscribe().catch((error: unknown) => {
      log.warn({ err: error }, 'subscription could not be closed');
    });
  };

  const resumed = (): void => {
    failures = 0;
    if (!told) return;
    told = false;
    log.info({ position }, 'the log is followed again');
  };

  /** A log that is at hand can come in without a pause; timers and requests must have their turn. */
  const yieldNow = (): Promise<void> | undefined => {
    if (clock.elapsed() - yieldedAt < longestTurnMs) return undefined;
    return new Promise((resolve) => {
      clock.soon(() => {
        yieldedAt = clock.elapsed();
        resolve();
      });
    });
  };

  const fail = (error: unknown): void => {
    if (over) return;
    over = true;
    cancelTimer();
    void leave();
    options.onFailed(error);
  };

  const readable = (events: readonly StoredEvent[]): readonly StoredEvent[] => {
    const [first] = events;
    // Only a store that forgets where it was asked to begin makes this necessary.
    const isRepeat = first !== undefined && first.position <= position;
    return isRepeat ? events.filter((event) => event.position > position) : events;
  };

  const handled = (events: readonly StoredEvent[]): Promise<void> | undefined => {
    position = events.at(-1)?.position ?? position;
    resumed();
    return yieldNow();
  };

  /** At once where the handler is done at once. */
  const handle = (events: readonly StoredEvent[]): Promise<void> | undefined => {
    try {
      const fresh = readable(events);
      const handling = fresh.length > 0 ? options.onEvents(fresh) : undefined;
      return handling instanceof Promise
        ? handling.then(() => handled(fresh)).catch(fail)
        : handled(fresh);
    } catch (error) {
      fail(error);
      return undefined;
    }
  };

  /** One that comes back at once is no news, and a store that is away is none of ours to look into. */
  const tell = (reason: unknown): void => {
    if (!isTriplineError(reason)) {
      log.warn({ err: reason, position }, 'subscription dropped');
    } else if (failures > 1 && !told) {
      told = true;
      log.warn({ reason: reason.message, position }, 'the log cannot be followed, trying again');
    }
  };

  const dropped = (reason: unknown): void => {
    if (over) return;
    if (isFatal(reason)) {
      fail(reason);
      return;
    }
    const delayMs = jitteredDelay(failures, random);
    failures += 1;
    tell(reason);
    void leave();
    cancelTimer = clock.after(delayMs, subscribe);
  };

  const subscribe = (): void => {
    // The handler of the dropped subscription may still be at work; two must never run at once.
    if (handling !== undefined) {
      void handling.then(subscribe);
      return;
    }
    if (over) return;
    let live = true;
    try {
      current = reader.subscribeAll(
        { from: position === beginning ? 'start' : position },
        {
          onEvents: (events) => {
            if (!live || over) return;
            handling = handle(events)?.finally(() => {
              handling = undefined;
            });
            return handling;
          },
          onLeftOut: options.onLeftOut,
          onCaughtUp: () => {
            if (!live || over) return;
            resumed();
            options.onCaughtUp?.();
          },
          onDropped: (reason) => {
            if (!live) return;
            live = false;
            dropped(reason);
          },
        },
      );
    } catch (error) {
      live = false;
      dropped(error);
    }
    if (!live) void leave();
  };

  subscribe();
  return {
    get position() {
      return position;
    },
    stop: async () => {
      over = true;
      cancelTimer();
      await leave();
      await handling;
    },
  };
};
