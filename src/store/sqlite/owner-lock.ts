import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TriplineError } from '../../domain/errors.ts';
import { isLocked, openLocked } from './database.ts';

export interface OwnerLock {
  release(): void;
}

const lockFile = (dataDir: string): string => join(dataDir, 'owner.lock');

/** Whether a process owns it right now; nothing is written to find out. */
export const isOwned = (dataDir: string): boolean =>
  existsSync(lockFile(dataDir)) && isLocked(lockFile(dataDir));

/**
 * One process owns a data directory. The operating system frees the lock with the process, however
 * it ends; the log itself stays open to readers such as the `sqlite3` program.
 */
export const acquireOwnerLock = (dataDir: string): OwnerLock => {
  const db = openLocked(lockFile(dataDir));
  if (db === undefined) {
    throw new TriplineError(
      'data-directory-in-use',
      `another process is using the data directory ${dataDir}; stop it, or choose another directory`,
    );
  }
  return { release: () => db.close() };
};
