import { join } from 'node:path';
import { TriplineError } from '../../domain/errors.ts';
import { openLocked } from './database.ts';

export interface OwnerLock {
  release(): void;
}

/**
 * One process owns a data directory. The operating system frees the lock with the process, however
 * it ends; the log itself stays open to readers such as the `sqlite3` program.
 */
export const acquireOwnerLock = (dataDir: string): OwnerLock => {
  const db = openLocked(join(dataDir, 'owner.lock'));
  if (db === undefined) {
    throw new TriplineError(
      'data-directory-in-use',
      `another process is using the data directory ${dataDir}; stop it, or choose another directory`,
    );
  }
  return { release: () => db.close() };
};
