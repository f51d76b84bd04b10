import type { Chance } from './chance.ts';

/** Bytes that a fact names, with the salt of their commitment. */
export interface SaltedBytes {
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
}

export const saltLength = 16;

export const salted = (bytes: Uint8Array, chance: Pick<Chance, 'bytes'>): SaltedBytes => ({
  salt: chance.bytes(saltLength),
  bytes,
});
