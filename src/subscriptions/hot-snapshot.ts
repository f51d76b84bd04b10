import type Database from 'better-sqlite3';
import { hotProjections } from '../../projections/index.ts';
import type { QueueEntry } from '../../projections/queue.ts';
import type { RegistryEntry } from '../../projections/registry.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import { TriplineError } from '../domain/errors.ts';
import { beginning, type Position } from '../domain/position.ts';
import { createDocumentText, type DocumentRow } from './document-text.ts';
import type { Capture, Changes, Snapshot } from './hot-views.ts';

interface CheckpointRow {
  readonly position: Position;
  readonly eventId: string | null;
  readonly versions: string;
}

const versions = JSON.stringify(
  Object.values(hotProjections).map(({ name, version }) => [name, version]),
);

interface DocumentTexts {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
}

/** A snapshot as it was written: text goes from thread to thread far cheaper than objects do. */
export interface SnapshotText {
  readonly position: Position;
  readonly eventId: string | null;
  readonly registry: DocumentTexts;
  readonly queue: DocumentTexts;
  readonly schedules: DocumentTexts;
}

const documentsIn = <Document>({ keys, texts }: DocumentTexts): Map<string, Document> => {
  const documents = new Map<string, Document>();
  for (const [index, key] of keys.entries()) documents.set(key, JSON.parse(texts[index] ?? ''));
  return documents;
};

export const snapshotIn = (text: SnapshotText): Snapshot => ({
  position: text.position,
  eventId: text.eventId,
  registry: documentsIn<RegistryEntry>(text.registry),
  queue: documentsIn<QueueEntry>(text.queue),
  schedules: documentsIn<ScheduleEntry>(text.schedules),
});

const { row, textIn } = createDocumentText<object>([]);

/** Where the hot views are kept between two starts: documents and checkpoint in one transaction. */
export const createHotSnapshot = (db: Database.Database) => {
  const selectCheckpoint = db.prepare('SELECT position, eventId, versions FROM hotCheckpoint');
  const saveCheckpoint = db.prepare('INSERT OR REPLACE INTO hotCheckpoint VALUES (0, ?, ?, ?)');
  const select = db.prepare('SELECT key, checksum, document FROM hot WHERE projection = ?');
  const put = db.prepare('INSERT OR REPLACE INTO hot VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM hot WHERE projection = ? AND key = ?');

  const checkpoint = () => selectCheckpoint.get() as CheckpointRow | undefined;
  const clear = (): void => {
    db.exec('DELETE FROM hot; DELETE FROM hotCheckpoint');
  };
  const documents = (projection: string): DocumentTexts => {
    const rows = select.iterate(projection) as IterableIterator<DocumentRow>;
    const found: { keys: string[]; texts: string[] } = { keys: [], texts: [] };
    for (const one of rows) {
      found.keys.push(one.key);
      found.texts.push(textIn(one));
    }
    return found;
  };
  const write = (projection: string, changes: Changes<object>): void => {
    for (const [key, document] of changes) {
      if (document === null) {
        remove.run(projection, key);
        continue;
      }
      put.run([projection, ...row(key, document)]);
    }
  };

  const save = ({ since, position, eventId, changed }: Capture): void => {
    if (since === beginning) clear();
    else if (checkpoint()?.position !== since) {
      throw new TriplineError('conflict', 'the capture does not continue the snapshot saved last');
    }
    write('registry', changed.registry);
    write('queue', changed.queue);
    write('schedules', changed.schedules);
    saveCheckpoint.run(position, eventId, versions);
  };

  return {
    /** Undefined where there is none of this release. */
    load: (): SnapshotText | undefined => {
      const found = checkpoint();
      if (found === undefined || found.versions !== versions) return undefined;
      return {
        position: found.position,
        eventId: found.eventId,
        registry: documents('registry'),
        queue: documents('queue'),
        schedules: documents('schedules'),
      };
    },
    save: (capture: Capture): void => db.transaction(() => save(capture))(),
    clear: (): void => db.transaction(clear)(),
  };
};
