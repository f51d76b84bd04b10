import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore } from '../../src/store/event-store.ts';

/** Every event there is, page by page. */
export const wholeLog = async (store: Pick<EventStore, 'readAll'>): Promise<StoredEvent[]> => {
  const log: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll({ from: log.at(-1)?.position ?? 'start', maxCount: 5_000 });
    // `from` is inclusive: the first event of a later page is the last one there is already.
    const fresh = log.length === 0 ? page : page.slice(1);
    if (fresh.length === 0) return log;
    log.push(...fresh);
  }
};
