import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TriplineError } from '../domain/errors.ts';
import type { Sealed } from '../domain/events.ts';
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

const assertKeys = (keys: readonly EncryptionKey[]): void => {
  const refuse = (message: string): never => {
    throw new TriplineError('invalid-configuration', message);
  };
  if (keys.length === 0) refuse('there must be at least one encryption key');
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
};

/** The last key encrypts; all of them decrypt. */
export const createKeyRing = (keys: readonly EncryptionKey[]): KeyRing => {
  assertKeys(keys);
  const byVersion = new Map(keys.map(({ version, key }) => [version, Buffer.from(key)]));
  const newest = Math.max(...keys.slice(-1).map(({ version }) => version));

  const keyOf = (version: number): Buffer => {
    const key = byVersion.get(version);
    if (key !== undefined) return key;
    throw new TriplineError('secret-unreadable', `encryption key ${version} is not configured`);
  };

  return {
    newest,
    knows: (version) => byVersion.has(version),
    seal(plaintext, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, keyOf(newest), nonce, { authTagLength: tagBytes });
      cipher.setAAD(associatedData(newest, context));
      const parts = [nonce, cipher.update(JSON.stringify(plaintext), 'utf8'), cipher.final()];
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
        return JSON.parse(text.toString('utf8')) as Json;
      } catch (cause) {
        const sentence = `what is sealed for ${context.join('/')} cannot be opened`;
        throw new TriplineError('secret-unreadable', sentence, { cause });
      }
    },
  };
};
