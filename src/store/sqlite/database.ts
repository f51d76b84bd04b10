import Database, { type Database as Connection, SqliteError } from 'better-sqlite3';
import { TriplineError } from '../../domain/errors.ts';
import { sizeOf } from './disk-space.ts';

export type { Connection };

/** A page holds a dozen events: fewer frames in the write-ahead log per commit. */
export const pageSize = 16_384;
const cacheKibibytes = 8_192;

export const sqliteCode = (error: unknown): string =>
  error instanceof SqliteError ? error.code : '';

const isDamage = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(sqliteCode(error));

export const corruptStore = (file: string, what: string, cause?: unknown): TriplineError =>
  new TriplineError('corrupt-store', `${file} is damaged: ${what}`, { cause });

/** Names the file where the driver only says that something is malformed. */
export const namingDamage = <T>(file: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) throw corruptStore(file, (error as Error).message, error);
    throw error;
  }
};

const readBack = (db: Connection, pragma: string, expected: unknown): void => {
  const actual = db.pragma(pragma, { simple: true });
  if (actual !== expected) {
    throw new TriplineError('store-failed', `${db.name}: ${pragma} is ${actual}, not ${expected}`);
  }
};

/**
 * Opens a database whose commits are on disk when they return. The setting has to be made on every
 * open: the driver's build falls back to less once the file exists, so it is read back as well.
 */
export const openDurable = (file: string): Connection => {
  const isNew = sizeOf(file) === 0;
  const db = new Database(file);
  try {
    return namingDamage(file, () => {
      db.pragma(`page_size = ${pageSize}`);
      // What it takes is laid out from the first page on; any other file would only be written to.
      if (isNew) db.pragma('auto_vacuum = INCREMENTAL');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('wal_autocheckpoint = 0');
      db.pragma(`cache_size = -${cacheKibibytes}`);
      db.pragma('journal_size_limit = 134217728');
      readBack(db, 'journal_mode', 'wal');
      readBack(db, 'synchronous', 2);
      return db;
    });
  } catch (error) {
    db.close();
    throw error;
  }
};

/** A file of an earlier release is written anew, so that it can give space back. */
const makeShrinkable = (db: Connection): void => {
  if (db.pragma('auto_vacuum', { simple: true }) === 2) return;
  db.pragma('auto_vacuum = INCREMENTAL');
  db.exec('VACUUM');
};

/** From now on all of it is in the one file, until it is opened for writing again. */
export const makeOneFile = (file: string): void => {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = DELETE');
    readBack(db, 'journal_mode', 'delete');
    makeShrinkable(db);
  } finally {
    db.close();
  }
};

/** Sees what others commit and can change nothing. */
export const openReadOnly = (file: string): Connection =>
  namingDamage(file, () => new Database(file, { readonly: true, fileMustExist: true }));

/** A database that is nothing but a lock; `undefined` if another process holds it. */
export const openLocked = (file: string): Connection | undefined => {
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
};

/** Whether another process holds such a lock; looking takes nothing from anybody. */
export const isLocked = (file: string): boolean => {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return true;
    throw error;
  } finally {
    db.close();
  }
};
