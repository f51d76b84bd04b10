import type Database from 'better-sqlite3';
import { coldProjections } from '../../projections/index.ts';
import type { AnyProjection } from '../../projections/projection.ts';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { EventReader } from '../store/index.ts';
import { audit } from './audit.ts';
import { createHotSnapshot } from './hot-snapshot.ts';
import { fitsLog } from './log-match.ts';
import { openTimelineBlocks } from './timeline-blocks.ts';
import { createViewCatalog } from './view-catalog.ts';
import { DamagedViews, isDamage, isDiskFull } from './view-damage.ts';
import { deleteViewDatabase, openViewDatabase } from './view-database.ts';
import { createViewLoop, type ViewLoop } from './view-loop.ts';
import { openViewSet, type ViewSet } from './view-set.ts';
import type { ViewTable } from './view-table.ts';
import type { Views } from './views.ts';
import { createWaiters } from './waiters.ts';

export interface ViewEngineOptions {
  readonly reader: Pick<EventReader, 'readAll' | 'subscribeAll'>;
  /** Of views.db, or `:memory:`. */
  readonly file: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onFatal?: ((error: unknown) => void) | undefined;
  /** For tests: the views of another release. */
  readonly projections?: readonly AnyProjection<never>[];
}

/** The database and everything that hangs on it; all of it is replaced when the file is damaged. */
interface Opened {
  readonly db: Database.Database;
  readonly set: ViewSet;
  readonly snapshot: ReturnType<typeof createHotSnapshot>;
  readonly loop: ViewLoop;
}

const maxRecoveries = 3;
const defaultDeadlineMs = 5_000;

/** The views over a log, in this thread. */
export const openViewEngine = async (options: ViewEngineOptions): Promise<Views> => {
  const { reader, file, log, clock, random } = options;
  const projections = (options.projections ??
    Object.values(coldProjections)) as readonly AnyProjection<object>[];
  let set: ViewSet | undefined;
  let failure: Error | undefined;
  let recoveries = 0;

  const waiters = createWaiters(clock);

  const open = async (): Promise<Opened> => {
    const db = openViewDatabase(file);
    try {
      const context = { db, catalog: createViewCatalog(db), log };
      const opened = await openViewSet(context, projections, (at) => fitsLog(reader, at));
      set = opened;
      const onMoved = waiters.wake;
      const loop = createViewLoop({ reader, set: opened, log, clock, random, onMoved, onFailed });
      return { db, set: opened, snapshot: createHotSnapshot(db), loop };
    } catch (error) {
      db.close();
      throw error;
    }
  };

  const discard = async (damaged: Promise<Opened>): Promise<void> => {
    const { db, loop } = await damaged;
    set = undefined;
    await loop.stop().catch(() => {});
    db.close();
  };

  const stopFor = (error: unknown): void => {
    failure = new TriplineError('store-unavailable', 'the views have stopped', { cause: error });
    log.error({ err: error }, 'views stopped');
    waiters.rejectAll(failure);
    options.onFatal?.(error);
  };

  /** Damage costs time, never an answer: the file goes, and the log is folded again. */
  const recover = async (damaged: Promise<Opened>, error: unknown): Promise<Opened> => {
    recoveries += 1;
    log.error({ err: error, file }, 'views database damaged, deleted to be rebuilt');
    await discard(damaged);
    deleteViewDatabase(file);
    return open();
  };

  function onFailed(error: unknown): void {
    if (failure !== undefined) return;
    if (!isDamage(error) || recoveries >= maxRecoveries) {
      stopFor(error);
      return;
    }
    current = recover(current, error);
    current.catch(stopFor);
  }

  const openAnyway = async (): Promise<Opened> => {
    try {
      return await open();
    } catch (error) {
      if (!isDamage(error)) throw error;
      log.warn({ err: error, file }, 'views database unusable, deleted to be rebuilt');
      deleteViewDatabase(file);
      return open();
    }
  };

  /** With the disk full, what was written before can still be read. */
  const flushIfPossible = (views: ViewSet): void => {
    try {
      views.flush();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  };

  /** Every question sees everything folded so far. */
  const ask = async <Answer>(question: (opened: Opened) => Answer): Promise<Awaited<Answer>> => {
    if (failure !== undefined) throw failure;
    const asked = current;
    const opened = await asked;
    try {
      flushIfPossible(opened.set);
      return await question(opened);
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (asked === current) onFailed(error);
      throw new TriplineError('store-unavailable', 'the views are being rebuilt', { cause: error });
    }
  };

  const isShowing = (position: Position): boolean =>
    Boolean(
      set?.views.every(
        ({ state, projector }) => state === 'serving' && projector.position >= position,
      ),
    );

  /** Half a view is no answer: whoever asks for one that is being built for the first time waits. */
  const askView = async <Answer>(
    name: string,
    question: (table: ViewTable<object>, opened: Opened) => Answer,
  ): Promise<Awaited<Answer>> => {
    if (failure !== undefined) throw failure;
    await waiters.wait(() => set?.named(name).answers !== undefined, defaultDeadlineMs);
    return ask((opened) => {
      const table = opened.set.named(name).answers;
      if (table === undefined) throw new DamagedViews(`${name} is gone`);
      return question(table, opened);
    });
  };

  let current: Promise<Opened> = Promise.resolve(await openAnyway());

  return {
    reached: async (position, deadlineMs = defaultDeadlineMs) => {
      if (failure !== undefined) throw failure;
      await waiters.wait(() => isShowing(position), deadlineMs);
    },
    get: (name, key) => askView(name, (table) => table.get(key) as never),
    find: (name, query) => askView(name, (table) => table.find(query) as never),
    audit: (query) =>
      askView('timeline', (_, { db, set }) => {
        const { state } = set.named('timeline');
        if (state === 'serving') return audit(reader, openTimelineBlocks(db), query);
        throw new TriplineError('store-unavailable', 'the view timeline is being built');
      }),
    loadSnapshot: () =>
      ask(async ({ snapshot }) => {
        const found = snapshot.load();
        if (found === undefined || (await fitsLog(reader, found))) return found;
        log.warn({ position: found.position }, 'snapshot does not fit the log, not used');
        return undefined;
      }),
    saveSnapshot: (capture) => ask(({ snapshot }) => snapshot.save(capture)),
    stats: () =>
      ask(({ set }) =>
        set.views.map(({ name, version, state, projector: { position, poisoned } }) => ({
          name,
          version,
          state,
          position,
          poisoned,
        })),
      ),
    close: async () => {
      if (failure === undefined) {
        failure = new TriplineError('store-unavailable', 'the views are closed');
      }
      waiters.rejectAll(failure);
      const { db, set, loop } = await current;
      await loop.stop();
      try {
        set.flush();
      } catch (error) {
        log.warn({ err: error }, 'views not written at the end');
      } finally {
        db.close();
      }
    },
  };
};
