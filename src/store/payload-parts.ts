import type { SaltedBytes } from '../domain/salted-bytes.ts';
import type { PayloadPart, PayloadRange } from './event-store.ts';

/** Which bytes of a payload are given: from where to where, the end excluded. */
export interface Cut {
  readonly from: number;
  readonly end: number;
}

/** What is left of `budget` is what later ones get. */
export const cutOf = ({ from = 0 }: PayloadRange, size: number, budget: number): Cut => {
  const start = Math.min(Math.max(from, 0), size);
  return { from: start, end: Math.min(size, start + budget) };
};

/** Goes through what was asked for until the bytes that may be given are used up. */
export const withinBytes = <T>(
  ranges: readonly PayloadRange[],
  maxBytes: number,
  take: (range: PayloadRange, budget: number) => { readonly value: T; readonly bytes: number },
): T[] => {
  const taken: T[] = [];
  let left = Math.max(maxBytes, 1);
  for (const range of ranges) {
    if (left <= 0) break;
    const { value, bytes } = take(range, left);
    taken.push(value);
    left -= bytes;
  }
  return taken;
};

/** For stores that have the whole payload at hand. The bytes are the asker's own. */
export const partOf = (
  payload: SaltedBytes,
  range: PayloadRange,
  budget: number,
  forgettable: boolean,
): PayloadPart => {
  const { from, end } = cutOf(range, payload.bytes.length, budget);
  const bytes = Uint8Array.prototype.slice.call(payload.bytes, from, end);
  return { salt: payload.salt, size: payload.bytes.length, from, bytes, forgettable };
};
