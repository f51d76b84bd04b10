import { type Connection, corruptStore } from './database.ts';
import { payloadTable } from './payload-table.ts';
import { rebuildFilters } from './stream-index/rebuild-filters.ts';

/** 'TRIP', so that tools can tell what the file is. */
export const applicationId = 0x54524950;
export const schemaVersion = 3;

/**
 * The log is written at its end only, which keeps a commit as small as its events. What finds a
 * stream's events is therefore no index of the database, which would touch a page somewhere for
 * each of them, but sorted runs that are written in one piece (`stream-index/runs.ts`).
 */
const schema = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS stream_settings (
    stream TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    truncate_before INTEGER NOT NULL,
    metadata TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS stream_runs (
    run INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    fences BLOB NOT NULL,
    filter BLOB NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS stream_run_chunks (
    run INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    keys BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (run, chunk)
  ) STRICT, WITHOUT ROWID;
  ${payloadTable}
`;

/** What makes of a layout the next one. */
const migrations: Readonly<Record<number, (db: Connection) => void>> = {
  // The filters of layout 1 took one stranger in sixteen for known.
  1: rebuildFilters,
  // Layout 2 had no payloads beside its events.
  2: (db) => db.exec(payloadTable),
};

/** All of it or nothing; a layout from which no way leads here stays what it is. */
const migrate = (db: Connection, from: number): void =>
  db.transaction(() => {
    for (let version = from; version < schemaVersion; version += 1) {
      migrations[version]?.(db);
      db.pragma(`user_version = ${version + 1}`);
    }
  })();

/**
 * Creates the tables in an empty file, brings one of an earlier release up to date and refuses one
 * that another program or a later release made.
 */
export const prepareSchema = (db: Connection): void => {
  const id = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true });
  if (id === 0 && version === 0) {
    db.transaction(() => {
      db.exec(schema);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${schemaVersion}`);
    })();
    return;
  }
  if (id !== applicationId) throw corruptStore(db.name, 'it is not a log of this program');
  if (typeof version === 'number' && version in migrations) {
    migrate(db, version);
  } else if (version !== schemaVersion) {
    throw corruptStore(db.name, `it has layout ${version}, this program knows ${schemaVersion}`);
  }
};
