import type Database from 'better-sqlite3';
import type { AnyProjection } from '../../projections/projection.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventReader } from '../store/index.ts';
import { createHotSnapshot } from './hot-snapshot.ts';
import { fitsLog } from './log-match.ts';
import { createViewCatalog } from './view-catalog.ts';
import { isDamage } from './view-damage.ts';
import { deleteViewDatabase, openViewDatabase } from './view-database.ts';
import { createViewLoop, type ViewLoop } from './view-loop.ts';
import { openViewSet, type ViewSet } from './view-set.ts';

/** The database and everything that hangs on it; all of it is replaced when the file is damaged. */
export interface OpenedViews {
  readonly db: Database.Database;
  readonly set: ViewSet;
  readonly snapshot: ReturnType<typeof createHotSnapshot>;
  readonly loop: ViewLoop;
}

export interface OpenedViewsOptions {
  readonly reader: Pick<EventReader, 'readAll' | 'subscribeAll'>;
  readonly file: string;
  readonly projections: readonly AnyProjection<object>[];
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onMoved: () => void;
  readonly onFailed: (error: unknown) => void;
}

const open = async (options: OpenedViewsOptions): Promise<OpenedViews> => {
  const { reader, file, projections, log } = options;
  const db = openViewDatabase(file);
  try {
    const context = { db, catalog: createViewCatalog(db), log };
    const set = await openViewSet(context, projections, (at) => fitsLog(reader, at));
    return { db, set, snapshot: createHotSnapshot(db), loop: createViewLoop({ ...options, set }) };
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Damage costs time, never an answer: the file goes, and the log is folded again. */
export const openOrRebuild = async (options: OpenedViewsOptions): Promise<OpenedViews> => {
  try {
    return await open(options);
  } catch (error) {
    if (!isDamage(error)) throw error;
    options.log.warn({ err: error, file: options.file }, 'views database unusable, to be rebuilt');
    deleteViewDatabase(options.file);
    return open(options);
  }
};

/** Ends following and closes the file; what is pending is not written. */
export const closeViews = async ({ db, loop }: OpenedViews): Promise<void> => {
  await loop.stop();
  db.close();
};
