import { createHash, hash } from 'node:crypto';
import { z } from 'zod';
import { passingBytes } from './passing-bytes.ts';
import type { SaltedBytes } from './salted-bytes.ts';

/**
 * What the log says of bytes that lie beside it. The commitment binds the log to them and tells
 * nobody what they were once they are forgotten: without the salt no guess can be tried on it.
 */
export const PayloadName = z.object({
  size: z.int().min(0),
  /** SHA-256 of salt and bytes, base64. */
  commitment: z.base64().length(44),
});
export type PayloadName = z.infer<typeof PayloadName>;

/** Below this one hash over a copy is faster than one that is fed in pieces. */
const worthCopying = 16_384;

const commitmentTo = ({ salt, bytes }: SaltedBytes): string => {
  if (bytes.length > worthCopying) {
    return createHash('sha256').update(salt).update(bytes).digest('base64');
  }
  const both = passingBytes(salt.length + bytes.length);
  both.set(salt);
  both.set(bytes, salt.length);
  return hash('sha256', both, 'base64');
};

export const nameOf = (payload: SaltedBytes): PayloadName => ({
  size: payload.bytes.length,
  commitment: commitmentTo(payload),
});

/** The name of bytes that come one after the other. */
export const createNaming = (salt: Uint8Array) => {
  const hash = createHash('sha256').update(salt);
  let size = 0;
  return {
    add(bytes: Uint8Array): void {
      hash.update(bytes);
      size += bytes.length;
    },
    /** Of all of them; to be asked for once. */
    name: (): PayloadName => ({ size, commitment: hash.digest('base64') }),
  };
};

/** The name of bytes that are there in several pieces. */
export const nameOfParts = (salt: Uint8Array, parts: readonly Uint8Array[]): PayloadName => {
  const naming = createNaming(salt);
  for (const part of parts) naming.add(part);
  return naming.name();
};

/** Whether these are the very bytes that were named. */
export const isNamed = ({ size, commitment }: PayloadName, payload: SaltedBytes): boolean =>
  payload.bytes.length === size && commitmentTo(payload) === commitment;
