import type { Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';

type Events = readonly StoredEvent[];
type ReadAfter = (position: Position, maxCount: number) => Promise<Events>;

export interface PagesAhead {
  after: ReadAfter;
  /** What was read ahead is not needed any more. */
  forget(): void;
}

/**
 * Pages of a log that another thread reads: the next one is asked for before this one is handled,
 * so that neither thread waits for the other. `hasMore`: whether the log goes on after a position.
 */
export const createPagesAhead = (
  readAfter: ReadAfter,
  hasMore: (position: Position) => boolean,
): PagesAhead => {
  let coming: { readonly position: Position; readonly page: Promise<Events> } | undefined;
  return {
    after: async (position, maxCount) => {
      const page = coming?.position === position ? coming.page : readAfter(position, maxCount);
      coming = undefined;
      const events = await page;
      const last = events.at(-1)?.position;
      if (last === undefined || !hasMore(last)) return events;
      const next = readAfter(last, maxCount);
      // A failure is for whoever asks for that page.
      next.catch(() => {});
      coming = { position: last, page: next };
      return events;
    },
    forget: () => {
      coming = undefined;
    },
  };
};
