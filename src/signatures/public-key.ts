import { createPublicKey, hash, type KeyObject } from 'node:crypto';

/** SubjectPublicKeyInfo of an Ed25519 key, up to the 32 key bytes (RFC 8410). */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

export const ed25519Key = (bytes: Buffer): KeyObject => {
  const key = Buffer.concat([ed25519Prefix, bytes]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
};

/** SHA-256 of its SubjectPublicKeyInfo, by which anybody who has the key can find it. */
export const keyIdOf = (key: KeyObject | undefined): string | undefined =>
  key?.type === 'public'
    ? hash('sha256', key.export({ format: 'der', type: 'spki' }), 'hex')
    : undefined;
