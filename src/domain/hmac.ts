import { hash, type KeyObject } from 'node:crypto';
import { passingBytes } from './passing-bytes.ts';

/** How many bytes each hash function takes at a time. */
const blocks = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const;
const digests = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

export type HmacAlgorithm = keyof typeof blocks;

/** What the key is mixed into: `inner` stands before the parts, `outer` before their digest. */
interface Pads {
  readonly inner: Buffer;
  /** Has room for the digest. */
  readonly outer: Buffer;
}

const padsOf = (algorithm: HmacAlgorithm, key: KeyObject): Pads => {
  const block = blocks[algorithm];
  const given = key.export();
  const secret = given.length > block ? hash(algorithm, given, 'buffer') : given;
  const inner = Buffer.alloc(block, 0x36);
  const outer = Buffer.alloc(block + digests[algorithm], 0x5c);
  for (const [at, byte] of secret.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return { inner, outer };
};

const known: Readonly<Record<HmacAlgorithm, WeakMap<KeyObject, Pads>>> = {
  sha1: new WeakMap(),
  sha256: new WeakMap(),
  sha384: new WeakMap(),
  sha512: new WeakMap(),
};

const padsFor = (algorithm: HmacAlgorithm, key: KeyObject): Pads => {
  const before = known[algorithm].get(key);
  if (before !== undefined) return before;
  const pads = padsOf(algorithm, key);
  known[algorithm].set(key, pads);
  return pads;
};

const together = (first: Buffer, parts: readonly (string | Buffer)[]): Buffer => {
  let length = first.length;
  for (const part of parts) length += Buffer.byteLength(part);
  const whole = passingBytes(length);
  let at = first.copy(whole);
  for (const part of parts) {
    at += typeof part === 'string' ? whole.write(part, at) : part.copy(whole, at);
  }
  return whole;
};

/**
 * The HMAC (RFC 2104) of the parts put together; text counts as its UTF-8 bytes. Made of two plain
 * hashes, as the RFC defines it: the platform's own object costs as much to set up, and then to
 * collect, as the hashing of a usual body.
 */
export const hmac = (
  algorithm: HmacAlgorithm,
  key: KeyObject,
  ...parts: (string | Buffer)[]
): Buffer => {
  const { inner, outer } = padsFor(algorithm, key);
  outer.write(hash(algorithm, together(inner, parts), 'binary'), inner.length, 'binary');
  return Buffer.from(hash(algorithm, outer, 'binary'), 'binary');
};
