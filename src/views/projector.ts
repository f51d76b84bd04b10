import type { AnyProjection } from '../../projections/projection.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { createDocumentCache } from './document-cache.ts';
import { carefully, foldOf } from './fold.ts';
import type { Change } from './table-writer.ts';
import type { Checkpoint } from './view-catalog.ts';
import type { ViewTable } from './view-table.ts';

export interface Projector {
  readonly position: Position;
  readonly poisoned: number;
  /** Events and documents not yet written. */
  readonly pendingEvents: number;
  readonly pendingDocuments: number;
  /** Folds what comes after its position, in memory. */
  apply(events: readonly StoredEvent[]): void;
  /** Writes what is pending, within the caller's transaction, and says how far that reaches. */
  write(): Checkpoint;
  /** The transaction was committed. */
  written(): void;
}

/**
 * Folds one view. However many facts touch a document between two writes, it is written once; what
 * is in the table is always the fold of the log up to the checkpoint beside it.
 */
export const createProjector = <Document extends object>(
  projection: AnyProjection<Document>,
  table: ViewTable<Document>,
  begin: Checkpoint,
  log: Logger,
): Projector => {
  const fold = carefully(projection.name, foldOf(projection), log);
  const begins: ReadonlySet<string> = new Set('begins' in projection ? projection.begins : []);
  const cache = createDocumentCache<Document>();
  let pending = new Map<string, Change<Document>>();
  let unsaved = 0;
  let { position, eventId, ordinal } = begin;

  const load = (key: string, change: Change<Document> | undefined): Document | undefined =>
    change === undefined ? (cache.get(key) ?? table.get(key)) : change.document;

  const take = (event: StoredEvent): void => {
    const at = ordinal;
    ordinal += 1;
    const key = fold.key(event, at);
    if (key === undefined) return;
    const change = pending.get(key);
    const before = begins.has(event.type) ? undefined : load(key, change);
    const after = fold.evolve(before, event, at);
    if (before === after) return;
    pending.set(key, { document: after, place: before === undefined ? at : change?.place });
  };

  return {
    get position() {
      return position;
    },
    get poisoned() {
      return fold.poisoned();
    },
    get pendingEvents() {
      return unsaved;
    },
    get pendingDocuments() {
      return pending.size;
    },
    apply: (events) => {
      const last = events.at(-1);
      if (last === undefined || last.position <= position) return;
      // Views that have come differently far are followed together, from where the last of them is.
      const isNew = (events[0]?.position ?? position) > position;
      for (const event of events) {
        if (fold.takes(event) && (isNew || event.position > position)) take(event);
      }
      unsaved += events.length;
      position = last.position;
      eventId = last.id;
    },
    write: () => {
      for (const [key, { document }] of pending) if (document === undefined) cache.delete(key);
      table.write(pending, cache.set);
      return { position, eventId, ordinal };
    },
    written: () => {
      pending = new Map();
      unsaved = 0;
    },
  };
};
