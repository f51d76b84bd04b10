import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Following, follow } from './follow.ts';

export interface TailListener {
  /** In log order; must neither wait nor throw. */
  readonly take: (events: readonly StoredEvent[]) => void;
  /** The log cannot be followed any more: nothing else will come. */
  readonly failed: (error: unknown) => void;
}

export interface Joined {
  /** What is behind this place is handed over, and nothing else. */
  readonly from: Position;
  /** All up to here was handed over. */
  readonly position: Position;
  leave(): void;
}

/** The end of the log for whoever listens: all of them share one subscription, and none if nobody does. */
export interface Tail {
  join(listener: TailListener): Promise<Joined>;
  /** Nobody is told anything any more. */
  stop(): Promise<void>;
}

export interface TailDeps {
  readonly store: Pick<EventStore, 'readAll' | 'subscribeAll'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/** One subscription, from its first listener to its last. */
interface Run {
  /** Those who listen, and those who are about to. */
  guests: number;
  position: Position;
  readonly listeners: Set<TailListener>;
  following: Following | undefined;
  begun: Promise<void>;
}

export const createTail = ({ store, clock, random, log }: TailDeps): Tail => {
  let current: Run | undefined;

  const begin = async (run: Run): Promise<void> => {
    const [last] = await store.readAll({ direction: 'backwards', maxCount: 1 });
    run.position = last?.position ?? beginning;
    if (current !== run) return;
    run.following = follow(store, {
      from: run.position,
      onEvents: (events) => {
        run.position = events.at(-1)?.position ?? run.position;
        for (const listener of run.listeners) listener.take(events);
      },
      onFailed: (error) => {
        if (current === run) current = undefined;
        for (const listener of run.listeners) listener.failed(error);
      },
      ...{ log, random, clock },
    });
  };

  const createRun = (): Run => {
    const run: Run = {
      guests: 0,
      position: beginning,
      listeners: new Set(),
      following: undefined,
      begun: Promise.resolve(),
    };
    current = run;
    run.begun = begin(run);
    return run;
  };

  const end = async (run: Run): Promise<void> => {
    if (current === run) current = undefined;
    await run.following?.stop();
  };

  const left = (run: Run): void => {
    run.guests -= 1;
    if (run.guests === 0) void end(run);
  };

  return {
    async join(listener) {
      const run = current ?? createRun();
      run.guests += 1;
      try {
        await run.begun;
      } catch (error) {
        left(run);
        throw error;
      }
      run.listeners.add(listener);
      return {
        from: run.position,
        get position() {
          return run.position;
        },
        leave: () => {
          if (run.listeners.delete(listener)) left(run);
        },
      };
    },
    stop: async () => {
      if (current !== undefined) await end(current);
    },
  };
};
