import { dirname } from 'node:path';
import { TriplineError } from '../../domain/errors.ts';
import {
  type Connection,
  corruptStore,
  makeOneFile,
  namingDamage,
  openReadOnly,
  sqliteCode,
} from './database.ts';
import { type Head, readKnownHead, refuseShorterLog } from './known-head.ts';
import { logFile } from './log-file.ts';
import { applicationId, schemaVersion } from './schema.ts';

/** Few turns for a large log: each is 64 MiB. */
const pagesAtOnce = 4_096;

/** Looking at a log that was not closed in order takes files beside it. */
const openSource = (file: string): Connection => {
  try {
    return openReadOnly(file);
  } catch (error) {
    if (!/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(sqliteCode(error))) throw error;
    const reason = (error as Error).message;
    throw new TriplineError('data-directory-unusable', `${file} cannot be read: ${reason}`, {
      cause: error,
    });
  }
};

const refuseForeign = (db: Connection): void => {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw corruptStore(db.name, 'it is not a log of this program');
  const layout = Number(db.pragma('user_version', { simple: true }));
  if (layout > schemaVersion)
    throw corruptStore(db.name, `it has layout ${layout}, this program knows ${schemaVersion}`);
};

/** All that is read within one transaction is of one instant, however much is appended meanwhile. */
const copyAtOneInstant = async (
  db: Connection,
  known: Head | undefined,
  to: string,
): Promise<void> => {
  db.exec('BEGIN');
  refuseShorterLog(dirname(db.name), db, known);
  refuseForeign(db);
  await db.backup(to, { progress: () => pagesAtOnce });
  db.exec('COMMIT');
};

/**
 * Copies a log into one file, with what its write-ahead log has, also while a server appends to it:
 * everything acknowledged before the call is in the copy. Throws `corrupt-store` where something
 * acknowledged is missing, `disk-full` where the copy has no room.
 */
export const copyLog = async (file: string, to: string): Promise<void> => {
  // Read before the log: a server that is running may only be ahead of it by then.
  const known = file === logFile(dirname(file)) ? readKnownHead(dirname(file)) : undefined;
  const db = openSource(file);
  try {
    await copyAtOneInstant(db, known, to);
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_FULL')
      throw new TriplineError('disk-full', `there is no space left for ${to}`, { cause: error });
    namingDamage(file, () => {
      throw error;
    });
  } finally {
    db.close();
  }
  makeOneFile(to);
};

/** Which layout a log has, and which one this program writes. */
export const layoutOf = (file: string): { readonly found: number; readonly current: number } => {
  const db = openReadOnly(file);
  try {
    return { found: Number(db.pragma('user_version', { simple: true })), current: schemaVersion };
  } finally {
    db.close();
  }
};
