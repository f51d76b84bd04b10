import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';

/** Beyond this a subscriber that lags reads from disk. */
const capacity = 8_192;

interface Batch {
  /** Where the log ended before. */
  readonly after: Position;
  readonly last: Position;
  readonly events: readonly StoredEvent[];
}

/** The newest stretch of the log, unbroken, for subscribers that keep pace. */
export interface RecentEvents {
  add(after: Position, events: readonly StoredEvent[]): void;
  /** What follows a position, or undefined if memory does not reach back that far. */
  after(position: Position, maxCount: number): readonly StoredEvent[] | undefined;
  forgetUntil(position: Position): void;
}

export const createRecentEvents = (): RecentEvents => {
  let batches: Batch[] = [];
  let size = 0;

  const dropFirst = (count: number): void => {
    for (const { events } of batches.slice(0, count)) size -= events.length;
    batches = batches.slice(count);
  };

  /** Whole batches from the one that holds the next event, until the page is full. */
  const collect = (position: Position, maxCount: number): readonly StoredEvent[] => {
    const start = batches.findIndex(({ last }) => last > position);
    const first = batches[start];
    if (first === undefined) return [];
    const aligned = first.after === position;
    if (aligned && (start === batches.length - 1 || first.events.length >= maxCount)) {
      return first.events;
    }
    const found = first.events.filter((event) => event.position > position);
    for (const { events } of batches.slice(start + 1)) {
      if (found.length >= maxCount) break;
      found.push(...events);
    }
    return found;
  };

  return {
    add: (after, events) => {
      // A hole in the stretch would be read as "nothing happened there".
      if (batches.at(-1)?.last !== after) {
        batches = [];
        size = 0;
      }
      batches.push({ after, last: events.at(-1)?.position ?? beginning, events });
      size += events.length;
      while (size > capacity) dropFirst(1);
    },
    after: (position, maxCount) => {
      const first = batches[0];
      return first === undefined || position < first.after
        ? undefined
        : collect(position, maxCount);
    },
    forgetUntil: (position) => {
      const kept = batches.findIndex(({ last }) => last > position);
      dropFirst(kept === -1 ? batches.length : kept);
    },
  };
};
