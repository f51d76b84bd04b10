import type { Logger } from '../domain/logger.ts';
import type { StoredEvent } from '../domain/recorded.ts';

export interface SetAside {
  /** What the task makes of an event; undefined where it throws: then the event is set aside. */
  unlessItThrows<Result>(part: string, event: StoredEvent, task: () => Result): Result | undefined;
  /** How often since the process started. */
  readonly count: number;
}

/**
 * One event that cannot be acted upon must not stop all others, now and after every start: it is
 * set aside with an alarm and counted, and whoever put it into the log has to be found.
 */
export const createSetAside = (log: Logger): SetAside => {
  let count = 0;
  return {
    unlessItThrows(part, event, task) {
      try {
        return task();
      } catch (error) {
        count += 1;
        const { type, stream, position } = event;
        log.error({ err: error, part, type, stream, position }, 'event set aside');
        return undefined;
      }
    },
    get count() {
      return count;
    },
  };
};
