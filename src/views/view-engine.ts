import { coldProjections } from '../../projections/index.ts';
import type { AnyProjection } from '../../projections/projection.ts';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import { createWaiters } from '../log/waiters.ts';
import type { EventReader } from '../store/index.ts';
import { audit } from './audit.ts';
import { fitsLog } from './log-match.ts';
import { closeViews, type OpenedViews, openOrRebuild } from './opened-views.ts';
import { type SnapshotPage, snapshotFrom } from './snapshot-pages.ts';
import { openTimelineBlocks } from './timeline-blocks.ts';
import { isDamage, isDiskFull } from './view-damage.ts';
import { deleteViewDatabase } from './view-database.ts';
import type { ViewSet } from './view-set.ts';
import type { ViewTable } from './view-table.ts';
import type { Views } from './views.ts';

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

const maxRecoveries = 3;
const defaultDeadlineMs = 5_000;

export interface ViewEngine extends Views {
  /** For `snapshotFrom`, in another thread. */
  snapshotPage(after: number): Promise<SnapshotPage | undefined>;
}

/** The views over a log, in this thread. */
export const openViewEngine = async (options: ViewEngineOptions): Promise<ViewEngine> => {
  const { reader, file, log, clock, random } = options;
  const projections = (options.projections ??
    Object.values(coldProjections)) as readonly AnyProjection<object>[];
  let set: ViewSet | undefined;
  let failure: Error | undefined;
  let recoveries = 0;

  const waiters = createWaiters(clock);

  const open = async (): Promise<OpenedViews> => {
    const onMoved = waiters.wake;
    const common = { reader, file, projections, log, clock, random };
    const opened = await openOrRebuild({ ...common, onMoved, onFailed });
    set = opened.set;
    return opened;
  };

  const stopFor = (error: unknown): void => {
    failure = new TriplineError('store-unavailable', 'the views have stopped', { cause: error });
    log.error({ err: error }, 'views stopped');
    waiters.rejectAll(failure);
    options.onFatal?.(error);
  };

  const recover = async (damaged: Promise<OpenedViews>, error: unknown): Promise<OpenedViews> => {
    recoveries += 1;
    log.error({ err: error, file }, 'views database damaged, deleted to be rebuilt');
    set = undefined;
    await closeViews(await damaged);
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

  /** With the disk full, what was written before can still be read. */
  const flushIfPossible = (views: ViewSet): void => {
    try {
      views.flush();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  };

  /** Every question sees everything folded so far. */
  const ask = async <Answer>(
    question: (opened: OpenedViews) => Answer,
  ): Promise<Awaited<Answer>> => {
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

  const canAnswer = (name: string, seen: Position | undefined): boolean => {
    const view = set?.named(name);
    if (view?.answers === undefined) return false;
    if (seen === undefined || view.state === 'building') return true;
    return view.projector.position >= seen;
  };

  /** Half a view is no answer: whoever asks for one that is being built for the first time waits. */
  const askView = async <Answer>(
    name: string,
    seen: Position | undefined,
    question: (table: ViewTable<object>, opened: OpenedViews) => Answer,
  ): Promise<Awaited<Answer>> => {
    if (failure !== undefined) throw failure;
    await waiters.wait(() => canAnswer(name, seen), defaultDeadlineMs);
    return ask((opened) => {
      const table = opened.set.named(name).answers;
      if (table !== undefined) return question(table, opened);
      throw new TriplineError('store-unavailable', `the view ${name} is being rebuilt`);
    });
  };

  const snapshotPage = (after: number) =>
    ask(async ({ snapshot }) => {
      const found = snapshot.page(after);
      if (found === undefined || (await fitsLog(reader, found))) return found;
      log.warn({ position: found.position }, 'snapshot does not fit the log, not used');
      return undefined;
    });

  let current = open();
  await current;

  return {
    shared: undefined,
    reached: async (position, deadlineMs = defaultDeadlineMs) => {
      if (failure !== undefined) throw failure;
      await waiters.wait(() => isShowing(position), deadlineMs);
    },
    get: (name, key, seen) => askView(name, seen, (table) => table.get(key) as never),
    find: (name, query, seen) => askView(name, seen, (table) => table.find(query) as never),
    count: (name, query, seen) => askView(name, seen, (table) => table.count(query)),
    audit: (query, seen) =>
      askView('timeline', seen, (_, { db, set }) => {
        const { state } = set.named('timeline');
        if (state === 'serving') return audit(reader, openTimelineBlocks(db), query);
        throw new TriplineError('store-unavailable', 'the view timeline is being built');
      }),
    snapshotPage,
    loadSnapshot: () => snapshotFrom(snapshotPage),
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
      const opened = await current.catch(() => undefined);
      if (opened === undefined) return;
      await opened.loop.stop();
      try {
        opened.set.flush();
      } catch (error) {
        log.warn({ err: error }, 'views not written at the end');
      } finally {
        await closeViews(opened);
      }
    },
  };
};
