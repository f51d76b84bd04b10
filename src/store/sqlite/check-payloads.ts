import { namedPayload } from '../../domain/named-payload.ts';
import { createNaming, type PayloadName } from '../../domain/payload-name.ts';
import { factIndexOf, type Position, recordPositionOf } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { factsIn } from '../record.ts';
import type { Connection } from './database.ts';
import { forgottenPlaces } from './forgotten-places.ts';
import { openPayloadTable, type PayloadTable } from './payload-table.ts';

const atOnce = 1_048_576;
const atMost = Number.MAX_SAFE_INTEGER;

/** Read in parts, so that what it takes does not follow its size. */
const nameOfKept = (payloads: PayloadTable, position: number, fact: number) => {
  const first = payloads.read(position, fact, 0, atOnce);
  if (first === undefined) return undefined;
  const naming = createNaming(first.salt);
  for (let part = first; ; ) {
    naming.add(part.bytes);
    const from = part.from + part.bytes.length;
    const next = from < part.size ? payloads.read(position, fact, from, atOnce) : undefined;
    if (next === undefined) return naming.name();
    part = next;
  }
};

const hasPayloads = (db: Connection): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'payloads'").get() !== undefined;

const isSame = (named: PayloadName, kept: PayloadName): boolean =>
  kept.size === named.size && kept.commitment === named.commitment;

/**
 * What is wrong with the bytes that a record's facts name, undefined where they are as named; and the
 * bytes themselves.
 */
export const createPayloadCheck = (db: Connection) => {
  const payloads = hasPayloads(db) ? openPayloadTable(db) : undefined;
  let isForgotten: ((place: string) => boolean) | undefined;
  const complaintOf = (fact: StoredEvent, index: number): string | undefined => {
    const named = namedPayload(fact);
    if (named === undefined) return undefined;
    const position = Number(recordPositionOf(fact.position));
    const kept = payloads && nameOfKept(payloads, position, index);
    if (kept !== undefined) return isSame(named, kept) ? undefined : 'is not as it was written';
    // Looked for once one is missing: mostly none is, and it takes a look at the whole log.
    isForgotten ??= forgottenPlaces(db);
    return isForgotten(fact.position) ? undefined : 'is missing';
  };
  return {
    wrongIn(record: StoredEvent): string | undefined {
      for (const [index, fact] of factsIn(record).entries()) {
        const complaint = complaintOf(fact, index);
        if (complaint !== undefined) return complaint;
      }
      return undefined;
    },
    bytesAt: (place: Position): Uint8Array | undefined =>
      payloads?.read(Number(recordPositionOf(place)), factIndexOf(place), 0, atMost)?.bytes,
  };
};
