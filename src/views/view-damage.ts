import Database from 'better-sqlite3';

/** What is stored cannot be what was written. */
export class DamagedViews extends Error {
  override readonly name = 'DamagedViews';
}

const damageCode = /^SQLITE_(CORRUPT|NOTADB|IOERR_(SHORT_READ|CORRUPTFS|DATA)|SCHEMA|FORMAT)/;
/** The file was made by something else, or a table of it is gone. */
const damageMessage = /^no such (table|column)/;

/** Views hold nothing that the log has not: damage is answered by building them anew. */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedViews ||
  (error instanceof Database.SqliteError &&
    (damageCode.test(error.code) || damageMessage.test(error.message)));

export const isDiskFull = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code === 'SQLITE_FULL';
