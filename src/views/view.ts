import type Database from 'better-sqlite3';
import type { AnyProjection } from '../../projections/projection.ts';
import type { Logger } from '../domain/logger.ts';
import { createProjector, type Projector } from './projector.ts';
import { createTable, indexStatements } from './table-layout.ts';
import { type CatalogEntry, emptyCheckpoint, type ViewCatalog } from './view-catalog.ts';
import { openTable, type ViewTable } from './view-table.ts';

/** One view: what folds it, and what answers for it. */
export interface View {
  readonly name: string;
  readonly version: number;
  readonly projector: Projector;
  readonly state: 'building' | 'serving';
  /**
   * The table to ask: of this version once it is built, until then of the version before, as it
   * was left; undefined where there is neither.
   */
  readonly answers: ViewTable<object> | undefined;
  /** Indexes what was built, then puts it in the place of the version before, at once. */
  finish(turn: () => Promise<void>): Promise<void>;
}

export interface ViewContext {
  readonly db: Database.Database;
  readonly catalog: ViewCatalog;
  readonly log: Logger;
}

const beginAnew = (
  { db, catalog }: ViewContext,
  projection: AnyProjection<object>,
): CatalogEntry => {
  const { name, version } = projection;
  db.transaction(() => {
    createTable(db, projection);
    catalog.begin(name, version, emptyCheckpoint);
  })();
  return { name, version, state: 'building', ...emptyCheckpoint };
};

/** Opens a view where it was left, or begins it anew. `stored`: what the database has of it. */
export const openView = (
  context: ViewContext,
  projection: AnyProjection<object>,
  stored: readonly CatalogEntry[],
): View => {
  const { db, catalog, log } = context;
  const { name, version } = projection;
  const entry = stored.find((one) => one.version === version) ?? beginAnew(context, projection);
  const table = openTable(db, projection);
  const others = stored.filter((one) => one.version !== version);
  const former = others.find(({ state }) => state === 'serving');
  let { state } = entry;
  let answers: ViewTable<object> | undefined = table;
  if (state === 'building') answers = former && openTable(db, projection, former.version);
  const serve = (): void => {
    catalog.serve(name, version);
    for (const other of others) catalog.drop(name, other.version);
  };
  return {
    name,
    version,
    projector: createProjector(projection, table, entry, log),
    get state() {
      return state;
    },
    get answers() {
      return answers;
    },
    finish: async (turn) => {
      for (const statement of indexStatements(projection)) {
        db.exec(statement);
        await turn();
      }
      db.transaction(serve)();
      answers = table;
      state = 'serving';
      log.info({ view: name, version }, 'view built');
    },
  };
};
