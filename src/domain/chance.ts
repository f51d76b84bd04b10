import { randomBytes, randomFillSync } from 'node:crypto';
import { randomUuid } from './uuid.ts';

/** What is left to chance comes in from outside, so that a history can be had again. */
export interface Chance {
  /** From [0, 1). */
  random(): number;
  /** An id that nobody else has. */
  newId(): string;
  /** Nobody can guess them: for secrets and nonces. */
  bytes(count: number): Buffer;
}

const drawn = Buffer.alloc(4_096);
/** Longer ones are worth asking the platform for; for short ones its answer costs more than their use. */
const longestDrawn = 64;
let used = drawn.length;

const drawnBytes = (count: number): Buffer => {
  if (count > longestDrawn) return randomBytes(count);
  if (used + count > drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const bytes = Buffer.allocUnsafe(count);
  drawn.copy(bytes, 0, used, used + count);
  // What was given out is its receiver's alone.
  drawn.fill(0, used, used + count);
  used += count;
  return bytes;
};

export const systemChance: Chance = {
  random: Math.random,
  newId: randomUuid,
  bytes: drawnBytes,
};
