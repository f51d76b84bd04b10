import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Chance } from '../domain/chance.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { Json } from '../domain/json.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export interface EncryptionKey {
  /** Recorded with everything it seals; at least 1, never given to another key. */
  readonly version: number;
  readonly key: Uint8Array;
}

export interface KeyRing {
  /** Version of the key that encrypts. */
  readonly newest: number;
  /** Tell keys apart, and nothing else about them. */
  readonly fingerprints: readonly { readonly version: number; readonly fingerprint: string }[];
  /** Whether there is such a key. */
  knows(version: number): boolean;
  /** Encrypts with the newest key under a fresh nonce. */
  seal(plaintext: Json, context: readonly string[]): Sealed;
  /** Throws `secret-unreadable` for an unknown key, another context or altered text. */
  open(sealed: Sealed, context: readonly string[]): Json;
}

/** What is sealed cannot be moved: it opens for this key, workspace, entity and member alone. */
const associatedData = (keyVersion: number, context: readonly string[]): Buffer =>
  Buffer.from(JSON.stringify([keyVersion, ...context]));

const fingerprintOf = (key: Uint8Array): string =>
  createHmac('sha256', key).update('fingerprint of an encryption key').digest('hex');

/** The version of the last key, once all of them have been found usable. */
const newestOf = (keys: readonly EncryptionKey[]): number => {
  const refuse = (message: string): never => {
    throw new TriplineError('invalid-configuration', message);
  };
  const last = keys.at(-1) ?? refuse('there must be at least one encryption key');
  if (new Set(keys.map(({ version }) => version)).size < keys.length) {
    refuse('every encryption key must have a version of its own');
  }
  for (const { version, key } of keys) {
    if (!Number.isSafeInteger(version) || version < 1) {
      refuse('the version of an encryption key must be a positive integer');
    }
    if (key.byteLength !== keyBytes) {
      refuse(`encryption key ${version} must have ${keyBytes} bytes`);
    }
  }
  return last.version;
};

/** The last key encrypts; all of them decrypt. */
export const createKeyRing = (
  keys: readonly EncryptionKey[],
  chance: Pick<Chance, 'bytes'>,
): KeyRing => {
  const newest = newestOf(keys);
  const byVersion = new Map(keys.map(({ version, key }) => [version, Buffer.from(key)]));

  const keyOf = (version: number): Buffer => {
    const key = byVersion.get(version);
    if (key !== undefined) return key;
    throw new TriplineError('secret-unreadable', `encryption key ${version} is not configured`);
  };

  return {
    newest,
    fingerprints: keys.map(({ version, key }) => ({ version, fingerprint: fingerprintOf(key) })),
    knows: (version) => byVersion.has(version),
    seal(plaintext, context) {
      const nonce = chance.bytes(nonceBytes);
      const cipher = createCipheriv(algorithm, keyOf(newest), nonce);
      cipher.setAAD(associatedData(newest, context));
      const parts = [nonce, cipher.update(JSON.stringify(plaintext)), cipher.final()];
      const value = Buffer.concat([...parts, cipher.getAuthTag()]).toString('base64');
      return { value, encrypted: true, keyVersion: newest };
    },
    open({ value, keyVersion }, context) {
      const key = keyOf(keyVersion);
      const bytes = Buffer.from(value, 'base64');
      const end = bytes.length - tagBytes;
      try {
        const nonce = bytes.subarray(0, nonceBytes);
        const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
        decipher.setAAD(associatedData(keyVersion, context));
        decipher.setAuthTag(bytes.subarray(end));
        const text = Buffer.concat([
          decipher.update(bytes.subarray(nonceBytes, end)),
          decipher.final(),
        ]);
        return JSON.parse(text.toString()) as Json;
      } catch (cause) {
        const sentence = `what is sealed for ${context.join('/')} cannot be opened`;
        throw new TriplineError('secret-unreadable', sentence, { cause });
      }
    },
  };
};
