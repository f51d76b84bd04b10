import type { Position } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { createPayloadCheck } from './check-payloads.ts';
import { corruptStore, namingDamage, openReadOnly } from './database.ts';
import { createEventRows } from './event-rows.ts';
import { readKnownHead, refuseShorterLog } from './known-head.ts';
import { logFile } from './log-file.ts';
import { eventOfRow } from './stored-row.ts';

export interface Verified {
  readonly events: number;
  /** Stands for the whole log: equal hashes, equal logs. */
  readonly hash: string;
}

/** The bytes that the fact there names; undefined once they are forgotten. */
export type PayloadAt = (place: Position) => Uint8Array | undefined;

const payloadOf = ({ position, stream }: StoredEvent, wrong: string): string =>
  `the payload of the event at position ${Number(position)} (stream ${stream}) ${wrong}`;

/**
 * Recomputes the hash chain of the whole log and what commits it to the payloads beside it, whether
 * or not a server is running on it, and shows each event once it is known to be as it was written. Throws a `corrupt-store` error that names the
 * file and, where it can be read at all, the first bad event by position and stream. Blocks: about
 * two seconds for a million events, and what is done with them. Keeps none of them.
 */
export const verifyStore = (
  dataDir: string,
  visit?: (event: StoredEvent, payloadAt: PayloadAt) => void,
): Verified => {
  const file = logFile(dataDir);
  return namingDamage(file, () => {
    // Read before the log: a server that is running may only be ahead of it by then.
    const known = readKnownHead(dataDir);
    const db = openReadOnly(file);
    try {
      refuseShorterLog(dataDir, db, known);
      const rows = createEventRows(db);
      const payloads = createPayloadCheck(db);
      const verified = { events: rows.head, hash: rows.hashAt(0) };
      rows.walk(1, rows.head, (row, hash) => {
        verified.hash = hash;
        const event = eventOfRow(row);
        const wrong = payloads.wrongIn(event);
        if (wrong !== undefined) throw corruptStore(file, payloadOf(event, wrong));
        visit?.(event, payloads.bytesAt);
        return undefined;
      });
      return verified;
    } finally {
      db.close();
    }
  });
};
