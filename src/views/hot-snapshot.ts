import type Database from 'better-sqlite3';
import { hotProjections } from '../../projections/index.ts';
import { TriplineError } from '../domain/errors.ts';
import { beginning, type Position } from '../domain/position.ts';
import { createDocumentText, type DocumentRow } from './document-text.ts';
import type { Capture, Changes } from './hot-views.ts';
import type { HotName, SnapshotPage } from './snapshot-pages.ts';

interface CheckpointRow {
  readonly position: Position;
  readonly eventId: string | null;
  readonly versions: string;
}

const versions = JSON.stringify(
  Object.values(hotProjections).map(({ name, version }) => [name, version]),
);

interface HotRow extends DocumentRow {
  readonly place: number;
  readonly projection: HotName;
}

/** A few thousand documents: short enough to be read while the page before is parsed elsewhere. */
const pageSize = 2_000;

const { row, textIn } = createDocumentText<object>({ columns: [] });

/** Where the hot views are kept between two starts: documents and checkpoint in one transaction. */
export const createHotSnapshot = (db: Database.Database) => {
  const selectCheckpoint = db.prepare('SELECT position, eventId, versions FROM hotCheckpoint');
  const saveCheckpoint = db.prepare('INSERT OR REPLACE INTO hotCheckpoint VALUES (0, ?, ?, ?)');
  const selectPage = db.prepare<[number, number], HotRow>(
    `SELECT rowid AS place, projection, key, checksum, document FROM hot
     WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  );
  const put = db.prepare('INSERT OR REPLACE INTO hot VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM hot WHERE projection = ? AND key = ?');

  const checkpoint = () => selectCheckpoint.get() as CheckpointRow | undefined;
  const clear = (): void => {
    db.exec('DELETE FROM hot; DELETE FROM hotCheckpoint');
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
    write('openReplays', changed.openReplays);
    saveCheckpoint.run(position, eventId, versions);
  };

  return {
    /**
     * The page after a place in the file, 0 for the first; undefined where there is no snapshot of
     * this release. All pages are of one snapshot as long as none is saved in between.
     */
    page: (after: number): SnapshotPage | undefined => {
      const found = checkpoint();
      if (found === undefined || found.versions !== versions) return undefined;
      const rows = selectPage.all(after, pageSize);
      const part = (name: HotName) => {
        const own = rows.filter(({ projection }) => projection === name);
        return { keys: own.map(({ key }) => key), text: `[${own.map(textIn).join()}]` };
      };
      return {
        position: found.position,
        eventId: found.eventId,
        registry: part('registry'),
        queue: part('queue'),
        schedules: part('schedules'),
        openReplays: part('openReplays'),
        next: rows.length < pageSize ? null : (rows.at(-1)?.place ?? null),
      };
    },
    save: (capture: Capture): void => db.transaction(() => save(capture))(),
  };
};
