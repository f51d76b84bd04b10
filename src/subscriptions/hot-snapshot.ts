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

const { row, documentIn } = createDocumentText<object>([]);

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
  const documents = <Document>(projection: string): Map<string, Document> => {
    const rows = select.iterate(projection) as IterableIterator<DocumentRow>;
    const found = new Map<string, Document>();
    for (const one of rows) found.set(one.key, documentIn(one) as Document);
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
    load: (): Snapshot | undefined => {
      const found = checkpoint();
      if (found === undefined || found.versions !== versions) return undefined;
      return {
        position: found.position,
        eventId: found.eventId,
        registry: documents<RegistryEntry>('registry'),
        queue: documents<QueueEntry>('queue'),
        schedules: documents<ScheduleEntry>('schedules'),
      };
    },
    save: (capture: Capture): void => db.transaction(() => save(capture))(),
    clear: (): void => db.transaction(clear)(),
  };
};
