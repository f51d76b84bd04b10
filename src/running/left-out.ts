import type { Logger } from '../domain/logger.ts';
import type { StoredEvent } from '../domain/recorded.ts';

/** Counts the records of others among ours; the first of them is told, the rest would only be noise. */
export const createLeftOut = (log: Logger) => {
  let count = 0;
  return {
    add(records: readonly StoredEvent[]): void {
      const [first] = records;
      if (count === 0 && first !== undefined) {
        const { type, stream, position } = first;
        const message = 'a record that is not ours was left out; more are only counted';
        log.warn({ type, stream, position }, message);
      }
      count += records.length;
    },
    get count() {
      return count;
    },
  };
};
