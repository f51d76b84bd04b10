import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coldProjections, hotProjections } from '../../projections/index.ts';
import type { AnyProjection } from '../../projections/projection.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createHotSnapshot } from '../../src/views/hot-snapshot.ts';
import { createHotViews } from '../../src/views/hot-views.ts';
import { snapshotFrom } from '../../src/views/snapshot-pages.ts';
import { createViewCatalog } from '../../src/views/view-catalog.ts';
import { openViewDatabase } from '../../src/views/view-database.ts';
import { openViewSet, type ViewSet } from '../../src/views/view-set.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { watched } from '../store/sqlite/watched-connection.ts';
import { viewsFile } from './view-engine-setup.ts';

/** A database on which the writing step of that number from now on finds no space. */
const shortOfSpace = (db: Database.Database) => {
  let stepsLeft = Number.POSITIVE_INFINITY;
  return {
    db: watched(db, {
      before: () => {
        stepsLeft -= 1;
        if (stepsLeft < 0) throw new Database.SqliteError('full', 'SQLITE_FULL');
      },
      after: () => undefined,
    }),
    fullAfter: (steps: number | null): void => {
      stepsLeft = steps ?? Number.POSITIVE_INFINITY;
    },
  };
};

const openSet = (db: Database.Database): Promise<ViewSet> =>
  openViewSet(
    { db, catalog: createViewCatalog(db), log: silentLogger },
    Object.values(coldProjections) as readonly AnyProjection<object>[],
    async () => true,
  );

const applyTo = ({ views }: ViewSet, events: readonly StoredEvent[]): void => {
  for (const { projector } of views) projector.apply(events);
};

/** Every row of every table. */
const rowsIn = (db: Database.Database): Record<string, unknown> => {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  return Object.fromEntries(
    tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all()]),
  );
};

const writtenAtOnce = async (events: readonly StoredEvent[]): Promise<Record<string, unknown>> => {
  const db = openViewDatabase(':memory:');
  const set = await openSet(db);
  applyTo(set, events);
  set.flush();
  const rows = rowsIn(db);
  db.close();
  return rows;
};

interface Portion {
  readonly events: number;
  /** Writing steps until there is no space; null: there is enough. */
  readonly fullAfter: number | null;
  readonly restart: boolean;
}

const portions = fc.array(
  fc.record({
    events: fc.integer({ min: 1, max: 12 }),
    fullAfter: fc.option(fc.nat(12)),
    restart: fc.boolean(),
  }),
  { minLength: 4, maxLength: 16 },
);

/** The history in portions, the last of which has space and all the rest. */
const told = function* (events: readonly StoredEvent[], of: readonly Portion[]) {
  let done = 0;
  for (const portion of of) {
    yield { ...portion, fresh: events.slice(done, done + portion.events) };
    done += portion.events;
  }
  yield { fullAfter: null, restart: false, fresh: events.slice(done) };
};

const succeeds = (work: () => void): boolean => {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_FULL') throw error;
    return false;
  }
};

it('writes each view as if it had been written at once, however often there was no space', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(historyArbitrary(60), portions, async (events, of) => {
      const file = await viewsFile();
      let db = openViewDatabase(file);
      let disk = shortOfSpace(db);
      let set = await openSet(disk.db);
      let folded: readonly StoredEvent[] = [];
      for (const { fresh, fullAfter, restart } of told(events, of)) {
        folded = [...folded, ...fresh];
        applyTo(set, fresh);
        disk.fullAfter(fullAfter);
        if (!succeeds(() => set.flush())) refused += 1;
        disk.fullAfter(null);
        if (!restart) continue;
        db.close();
        db = openViewDatabase(file);
        disk = shortOfSpace(db);
        set = await openSet(disk.db);
        applyTo(set, folded);
      }
      expect(rowsIn(db)).toEqual(await writtenAtOnce(events));
      db.close();
    }),
    { numRuns: 25 },
  );
  expect(refused).toBeGreaterThan(0);
}, 60_000);

it('has in the snapshot what the hot views are, however often it could not be saved', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(historyArbitrary(60), portions, async (events, of) => {
      const disk = shortOfSpace(openViewDatabase(':memory:'));
      const saved = createHotSnapshot(disk.db);
      let live = createHotViews({ log: silentLogger });
      let folded: readonly StoredEvent[] = [];
      for (const { fresh, fullAfter, restart } of told(events, of)) {
        folded = [...folded, ...fresh];
        live.apply(fresh);
        disk.fullAfter(fullAfter);
        if (!succeeds(() => saved.save(live.capture()))) {
          refused += 1;
          live.putBack();
        }
        disk.fullAfter(null);
        if (!restart) continue;
        const snapshot = await snapshotFrom(async (after) => saved.page(after));
        live = createHotViews({ log: silentLogger, snapshot });
        live.apply(folded.filter(({ position }) => position > live.position));
      }
      const snapshot = await snapshotFrom(async (after) => saved.page(after));
      expect(snapshot?.position).toBe(live.position);
      for (const name of Object.keys(hotProjections) as (keyof typeof hotProjections)[]) {
        expect(Object.fromEntries(snapshot?.[name] ?? [])).toEqual(Object.fromEntries(live[name]));
      }
      disk.db.close();
    }),
    { numRuns: 40 },
  );
  expect(refused).toBeGreaterThan(0);
});
