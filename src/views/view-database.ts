import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Raise it when the tables below change: the file is then made anew. */
const layout = 3;

const tables = `
  CREATE TABLE view (
    name TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,
    position TEXT NOT NULL, eventId TEXT, ordinal INTEGER NOT NULL,
    PRIMARY KEY (name, version)
  ) STRICT;
  CREATE TABLE hot (
    projection TEXT NOT NULL, key TEXT NOT NULL, checksum INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (projection, key)
  ) STRICT;
  CREATE TABLE hotCheckpoint (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    position TEXT NOT NULL, eventId TEXT, versions TEXT NOT NULL
  ) STRICT;
  PRAGMA user_version = ${layout};
`;

/**
 * The file, or `:memory:`, ready for use. What it throws on damage satisfies `isDamage`: the file
 * may then be deleted and made anew, for it is only a cache.
 */
export const openViewDatabase = (file: string): Database.Database => {
  const db = new Database(file, { timeout: 5_000 });
  try {
    db.pragma('page_size = 16384');
    db.pragma('journal_mode = WAL');
    // A power cut may cost the last transactions, never half of one; the log still has them.
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -32768');
    db.pragma('temp_store = MEMORY');
    db.pragma('wal_autocheckpoint = 2000');
    const found = db.pragma('user_version', { simple: true });
    const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (empty) db.exec(tables);
    else if (found !== layout) throw new Database.SqliteError('another layout', 'SQLITE_FORMAT');
    db.prepare('SELECT * FROM view').all();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

export const deleteViewDatabase = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};
