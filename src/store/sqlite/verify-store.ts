import { namingDamage, openReadOnly } from './database.ts';
import { createEventRows } from './event-rows.ts';
import { readKnownHead, refuseShorterLog } from './known-head.ts';
import { logFile } from './log-file.ts';

export interface Verified {
  readonly events: number;
  /** Stands for the whole log: equal hashes, equal logs. */
  readonly hash: string;
}

/**
 * Recomputes the hash chain of the whole log, whether or not a server is running on it. Throws a
 * `corrupt-store` error that names the file and, where it can be read at all, the first bad event
 * by position and stream. Blocks: about two seconds for a million events.
 */
export const verifyStore = (dataDir: string): Verified => {
  const file = logFile(dataDir);
  return namingDamage(file, () => {
    // Read before the log: a server that is running may only be ahead of it by then.
    const known = readKnownHead(dataDir);
    const db = openReadOnly(file);
    try {
      refuseShorterLog(dataDir, db, known);
      const rows = createEventRows(db);
      const verified = { events: rows.head, hash: rows.hashAt(0) };
      rows.walk(1, rows.head, (_, hash) => {
        verified.hash = hash;
        return undefined;
      });
      return verified;
    } finally {
      db.close();
    }
  });
};
