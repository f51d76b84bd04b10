import type Database from 'better-sqlite3';
import { beginning, type Position } from '../domain/position.ts';
import { dropTable, tableName } from './table-layout.ts';

/** How far a view has come; saved in the transaction that saves its documents. */
export interface Checkpoint {
  readonly position: Position;
  /** Of the event at `position`: tells a log from another one that was put in its place. */
  readonly eventId: string | null;
  /** Events the view has taken. */
  readonly ordinal: number;
}

export const emptyCheckpoint: Checkpoint = { position: beginning, eventId: null, ordinal: 0 };

export interface CatalogEntry extends Checkpoint {
  readonly name: string;
  readonly version: number;
  readonly state: 'building' | 'serving';
}

/** Which views the database has, in which versions, and how far each has come. */
export const createViewCatalog = (db: Database.Database) => {
  const select = db.prepare('SELECT * FROM view');
  const insert = db.prepare("INSERT OR REPLACE INTO view VALUES (?, ?, 'building', ?, ?, ?)");
  const update = db.prepare(
    'UPDATE view SET position = ?, eventId = ?, ordinal = ? WHERE name = ? AND version = ?',
  );
  const serve = db.prepare("UPDATE view SET state = 'serving' WHERE name = ? AND version = ?");
  const remove = db.prepare('DELETE FROM view WHERE name = ? AND version = ?');
  return {
    entries: () => select.all() as CatalogEntry[],
    begin: (name: string, version: number, { position, eventId, ordinal }: Checkpoint): void => {
      insert.run(name, version, position, eventId, ordinal);
    },
    save: (name: string, version: number, { position, eventId, ordinal }: Checkpoint): void => {
      update.run(position, eventId, ordinal, name, version);
    },
    serve: (name: string, version: number): void => {
      serve.run(name, version);
    },
    /** In one transaction: a table that no entry names would stay for good. */
    drop: db.transaction((name: string, version: number): void => {
      remove.run(name, version);
      dropTable(db, tableName(name, version));
    }),
  };
};

export type ViewCatalog = ReturnType<typeof createViewCatalog>;
