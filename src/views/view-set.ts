import type { AnyProjection } from '../../projections/projection.ts';
import { TriplineError } from '../domain/errors.ts';
import { openView, type View, type ViewContext } from './view.ts';
import type { CatalogEntry, Checkpoint } from './view-catalog.ts';

export interface ViewSet {
  readonly views: readonly View[];
  named(name: string): View;
  /** Writes everything pending, documents and checkpoints, in one transaction. */
  flush(): void;
}

/** What is no view of this release, or was folded from another log, is dropped. */
const fitting = async (
  { catalog, log }: ViewContext,
  projections: readonly AnyProjection<object>[],
  fitsLog: (checkpoint: Checkpoint) => Promise<boolean>,
): Promise<readonly CatalogEntry[]> => {
  const names = new Set(projections.map(({ name }) => name));
  const kept: CatalogEntry[] = [];
  for (const entry of catalog.entries()) {
    const { name, version, position } = entry;
    if (names.has(name) && (await fitsLog(entry))) {
      kept.push(entry);
      continue;
    }
    log.warn({ view: name, version, position }, 'view does not fit the log, to be rebuilt');
    catalog.drop(name, version);
  }
  return kept;
};

export const openViewSet = async (
  context: ViewContext,
  projections: readonly AnyProjection<object>[],
  fitsLog: (checkpoint: Checkpoint) => Promise<boolean>,
): Promise<ViewSet> => {
  const { db, catalog } = context;
  const stored = await fitting(context, projections, fitsLog);
  const views = projections.map((projection) =>
    openView(
      context,
      projection,
      stored.filter(({ name }) => name === projection.name),
    ),
  );
  const write = db.transaction((pending: readonly View[]) => {
    for (const { name, version, projector } of pending) {
      catalog.save(name, version, projector.write());
    }
  });
  return {
    views,
    named: (name) => {
      const view = views.find((one) => one.name === name);
      if (view === undefined) throw new TriplineError('not-found', `there is no view ${name}`);
      return view;
    },
    flush: () => {
      const pending = views.filter(({ projector }) => projector.pendingEvents > 0);
      if (pending.length === 0) return;
      write(pending);
      for (const { projector } of pending) projector.written();
    },
  };
};
