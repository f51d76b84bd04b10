import { built } from '../../bench/built.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';

/** Recomputes the hash chain; gives how many events it holds. */
export const verifiedEvents = async (dataDir: string): Promise<number> => {
  const { verifyStore } = await built<typeof import('../../src/store/sqlite/verify-store.ts')>(
    'store/sqlite/verify-store',
  );
  return verifyStore(dataDir).events;
};

const pageSize = 5_000;

/** Every event of a log that nobody writes to, in order. */
export async function* eventsIn(dataDir: string): AsyncGenerator<StoredEvent> {
  const { openReader } = await built<typeof import('../../src/store/index.ts')>('store/index');
  const reader = await openReader('sqlite:', { dataDir });
  try {
    let from: StoredEvent['position'] | 'start' = 'start';
    for (;;) {
      const page: readonly StoredEvent[] = await reader.readAll({ from, maxCount: pageSize });
      // `from` is inclusive: the first event of a later page is known already.
      yield* from === 'start' ? page : page.slice(1);
      if (page.length < pageSize) return;
      from = page.at(-1)?.position ?? from;
    }
  } finally {
    await reader.close();
  }
}
