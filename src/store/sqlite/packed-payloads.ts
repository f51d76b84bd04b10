import { saltLength } from '../../domain/salted-bytes.ts';
import type { NewPayload } from '../event-store.ts';
import { largePiece } from './payload-table.ts';

/** Where the salted bytes of a payload lie among those that came with a group of appends. */
export interface PackedPayload {
  readonly fact: number;
  readonly from: number;
  readonly end: number;
}

const saltedLength = ({ bytes }: NewPayload): number => saltLength + bytes.length;

export const bytesOfPayloads = (payloads: readonly NewPayload[]): number => {
  let total = 0;
  for (const payload of payloads) total += saltedLength(payload);
  return total;
};

/**
 * What an event says of its payloads: nothing is 0, the usual one of its first fact is its length,
 * any others are told fact by fact.
 */
export const payloadField = (payloads: readonly NewPayload[]): string | number => {
  const [only, another] = payloads;
  if (only === undefined) return 0;
  if (another === undefined && only.fact === 0) return saltedLength(only);
  return payloads.map((payload) => `${payload.fact}:${saltedLength(payload)}`).join(' ');
};

/** The payloads that an event has, the first of them at `start`. */
export const payloadsIn = (field: string | number, start: number): readonly PackedPayload[] => {
  if (field === 0) return [];
  if (typeof field === 'number') return [{ fact: 0, from: start, end: start + field }];
  let from = start;
  return field.split(' ').map((part) => {
    const [fact = 0, length = 0] = part.split(':').map(Number);
    const payload = { fact, from, end: from + length };
    from = payload.end;
    return payload;
  });
};

/**
 * Copied into memory that nothing else lies in: the buffers that bodies come in are pieces of larger
 * ones, which would cross between threads as a whole, and theirs are needed again for a resend.
 */
export const packed = (payloads: readonly NewPayload[]): Uint8Array<ArrayBuffer> | undefined => {
  if (payloads.length === 0) return undefined;
  const all = new Uint8Array(
    Buffer.allocUnsafeSlow(bytesOfPayloads(payloads)).buffer as ArrayBuffer,
  );
  let at = 0;
  for (const { salt, bytes } of payloads) {
    all.set(salt, at);
    all.set(bytes, at + saltLength);
    at += saltLength + bytes.length;
  }
  return all;
};

/** What is longer than this crosses piece by piece, so that it is there once and not twice. */
const pieceBytes = 4 * largePiece;

/** The payload that has to cross by itself, where the events have one. */
export const longPayloadOf = (payloads: readonly NewPayload[]): NewPayload | undefined => {
  const [only, another] = payloads;
  const isLong = only !== undefined && only.fact === 0 && only.bytes.length > pieceBytes;
  return isLong && another === undefined ? only : undefined;
};

/** Salt and bytes in their order, each piece in memory of its own. */
export function* piecesOfPayload({ salt, bytes }: NewPayload): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = -salt.length; at < bytes.length; at += pieceBytes) {
    const end = Math.min(at + pieceBytes, bytes.length);
    const piece = new Uint8Array(Buffer.allocUnsafeSlow(end - at).buffer as ArrayBuffer);
    if (at < 0) piece.set(salt);
    piece.set(bytes.subarray(Math.max(at, 0), end), Math.max(-at, 0));
    yield piece;
  }
}
