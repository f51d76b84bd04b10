import { saltLength } from '../../domain/salted-bytes.ts';
import { letGo } from '../../let-go.ts';
import type { Connection } from './database.ts';

/**
 * Payloads in the order of their records. `id` is made of the record's position, the fact's place
 * in it and the number of the piece, in 38, 17 and 8 bits, so that what is written last lies last.
 * The pieces together are the salt and the bytes.
 */
export const payloadTable = `
  CREATE TABLE IF NOT EXISTS payloads (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`;

/**
 * Five to a page: in one piece, two bodies of 8 KB would need two pages, and half of each were
 * empty. Measured beside whole rows and a last column of the events: 12.1, 18.6 and 17.1 KB of disk
 * a delivery of 8 KB, and no difference at 1 and 20 KB; rates of appends were alike within the noise.
 */
const smallPiece = 3_250;
/** From here on whole pages are filled anyway. */
const large = 16_384;
/** So that no more than this has to be read for the first byte of a long one. */
export const largePiece = 262_144;

/** The driver gives memory of its own for each value; little of it is not worth a thought. */
const letGoIfLong = (bytes: Uint8Array): void => {
  if (bytes.length > large && bytes.length === bytes.buffer.byteLength) letGo(bytes);
};

const pieceLength = (length: number): number => (length > large ? largePiece : smallPiece);

/** A part of a payload as it is handed to another thread. */
export interface StoredPart {
  /** Of the whole payload, without its salt. */
  readonly size: number;
  readonly from: number;
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
}

interface Piece {
  readonly piece: number;
  readonly length: number;
}

export interface PayloadTable {
  insert(position: number, fact: number, salted: Uint8Array): void;
  /**
   * What follows of a long one whose first `pieces` are there, and how many there are then. Only its
   * end may have another length than a multiple of `largePiece`.
   */
  insertMore(position: number, fact: number, pieces: number, salted: Uint8Array): number;
  /** From a byte on, as many as `most`; undefined where there is none. */
  read(position: number, fact: number, from: number, most: number): StoredPart | undefined;
  delete(position: number, fact: number): void;
  /** How many there are. */
  count(): number;
}

const idOf = '((? << 25) | (? << 8) | ?)';
const allPieces = 'id BETWEEN (? << 25) | (? << 8) AND (? << 25) | (? << 8) | 255';

export const openPayloadTable = (db: Connection): PayloadTable => {
  const insert = db.prepare(`INSERT INTO payloads VALUES (${idOf}, ?)`);
  const selectPieces = db.prepare<[number, number, number, number], Piece>(
    `SELECT id & 255 AS piece, length(bytes) AS length FROM payloads WHERE ${allPieces} ORDER BY id`,
  );
  const selectBytes = db
    .prepare<[number, number, number, number, number], Buffer>(
      `SELECT substr(bytes, ? + 1, ?) FROM payloads WHERE id = ${idOf}`,
    )
    .pluck();
  const remove = db.prepare(`DELETE FROM payloads WHERE ${allPieces}`);
  const countAll = db.prepare<[], number>('SELECT count(DISTINCT id >> 8) FROM payloads').pluck();

  /** Bytes `from` to `end` of salt and bytes together. */
  const salted = (
    [position, fact]: readonly [number, number],
    pieces: readonly Piece[],
    from: number,
    end: number,
  ): Uint8Array => {
    // A zero behind it spares whoever takes it for JSON a copy.
    const found = new Uint8Array(new ArrayBuffer(end - from + 1), 0, end - from);
    let start = 0;
    for (const { piece, length } of pieces) {
      const first = Math.max(from - start, 0);
      const count = Math.min(end - start, length) - first;
      if (count > 0) {
        const bytes = selectBytes.get(first, count, position, fact, piece);
        if (bytes !== undefined) {
          found.set(bytes, start + first - from);
          letGoIfLong(bytes);
        }
      }
      start += length;
    }
    return found;
  };

  const insertFrom = (
    position: number,
    fact: number,
    first: number,
    bytes: Uint8Array,
    length: number,
  ): number => {
    let piece = first;
    for (let from = 0; from < bytes.length; from += length, piece += 1) {
      insert.run(position, fact, piece, bytes.subarray(from, from + length));
    }
    return piece;
  };

  return {
    insert: (position, fact, bytes) => {
      insertFrom(position, fact, 0, bytes, pieceLength(bytes.length));
    },
    insertMore: (position, fact, pieces, bytes) =>
      insertFrom(position, fact, pieces, bytes, largePiece),
    read: (position, fact, asked, most) => {
      const pieces = selectPieces.all(position, fact, position, fact);
      if (pieces.length === 0) return undefined;
      const size = pieces.reduce((sum, { length }) => sum + length, 0) - saltLength;
      const from = Math.min(Math.max(asked, 0), size);
      const end = Math.min(size, from + most);
      const place = [position, fact] as const;
      return {
        size,
        from,
        salt: salted(place, pieces, 0, saltLength),
        bytes: salted(place, pieces, saltLength + from, saltLength + end),
      };
    },
    delete: (position, fact) => {
      remove.run(position, fact, position, fact);
    },
    count: () => countAll.get() ?? 0,
  };
};
