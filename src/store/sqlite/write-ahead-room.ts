import { dirname } from 'node:path';
import type { Connection } from './database.ts';
import { fill, freeBytes, sizeOf } from './disk-space.ts';

/** What one append at a time writes between two checkpoints; a full load makes more for itself. */
const roomBytes = 20_971_520;
/** Where space is short, it serves the log better than its speed. */
const marginBytes = 75_497_472;

export const writeAheadLog = (db: Connection): string => `${db.name}-wal`;

/**
 * Lengthens the write-ahead log with zeros. A commit that overwrites blocks of the file is on disk
 * in about half the time of one that has to be given new ones. No frame begins with zeros, so that
 * whoever reads the log finds its end where it was. For the thread that commits, between two commits.
 */
export const makeRoomAhead = (db: Connection): void => {
  const file = writeAheadLog(db);
  if (sizeOf(file) >= roomBytes || freeBytes(dirname(file)) < marginBytes) return;
  try {
    fill(file, roomBytes);
  } catch (error) {
    // Others were quicker. What was added is room all the same.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
};
