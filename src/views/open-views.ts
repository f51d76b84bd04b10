import { join } from 'node:path';
import { systemChance } from '../domain/chance.ts';
import { type Clock, systemClock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventStore } from '../store/event-store.ts';
import { openRemoteViews } from './remote-views.ts';
import type { Views } from './views.ts';

export interface ViewsOptions {
  /** Of the store; where it is more than memory, the views live in a thread with a reader of its own. */
  readonly url: string;
  readonly dataDir: string;
  readonly prefix?: string | undefined;
  readonly store: Pick<EventStore, 'readAll' | 'subscribeAll'>;
  readonly log: Logger;
  readonly clock?: Clock;
  /** The views have stopped for good: every later question is refused. */
  readonly onFatal?: (error: unknown) => void;
}

/** Opens the views over the log in `store`; they catch up with it by themselves. */
export const openViews = async (options: ViewsOptions): Promise<Views> => {
  const { url, dataDir, prefix, store, log, clock = systemClock, onFatal } = options;
  if (!url.startsWith('memory:')) {
    const file = join(dataDir, 'views.db');
    return openRemoteViews({ url, dataDir, prefix, file, store, log, onFatal });
  }
  const { openViewEngine } = await import('./view-engine.ts');
  const { random } = systemChance;
  return openViewEngine({ reader: store, file: ':memory:', log, clock, random, onFatal });
};
