import type { Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { SubscriptionHandlers } from './event-store.ts';

type Events = readonly StoredEvent[];

/** Events from memory are at hand, those from disk are still to come. */
type Page =
  | { readonly live: true; readonly events: Events }
  | { readonly live: false; readonly events: Promise<Events> };

export interface LogFollower {
  /** Everything up to here has been handled. */
  readonly position: Position;
  wake(): void;
  /** Resolves when no handler runs any more. */
  stop(reason?: Error): Promise<void>;
}

interface FollowerOptions {
  readonly position: Position;
  readonly handlers: SubscriptionHandlers;
  next(position: Position): Page;
  onHandled(): void;
  onEnd(): void;
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(String(reason));

/** One subscriber's loop: one page at a time, and sleep when there is nothing left. */
export const createLogFollower = (options: FollowerOptions): LogFollower => {
  const { handlers } = options;
  let position = options.position;
  let stopped = false;
  let caughtUp = false;
  let dropped: Error | undefined;
  let signal: (() => void) | undefined;

  const wake = (): void => {
    signal?.();
    signal = undefined;
  };
  const rest = async (): Promise<void> => {
    const woken = new Promise<void>((resolve) => {
      signal = resolve;
    });
    if (!caughtUp) handlers.onCaughtUp?.();
    caughtUp = true;
    if (!stopped) await woken;
  };
  const step = async (): Promise<void> => {
    const page = options.next(position);
    if (!page.live) caughtUp = false;
    const events = page.live ? page.events : await page.events;
    const last = events.at(-1);
    if (stopped) return;
    if (last === undefined) return rest();
    const handling = handlers.onEvents(events);
    if (handling instanceof Promise) await handling;
    position = last.position;
    options.onHandled();
  };
  const run = async (): Promise<void> => {
    try {
      while (!stopped) await step();
    } catch (error) {
      dropped = asError(error);
    }
    options.onEnd();
    if (dropped !== undefined) handlers.onDropped?.(dropped);
  };

  const running = Promise.resolve().then(run);
  return {
    get position() {
      return position;
    },
    wake,
    stop: (reason) => {
      stopped = true;
      dropped ??= reason;
      wake();
      return running;
    },
  };
};
