import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JWK } from 'jose';
import { z } from 'zod';
import { TriplineError } from './domain/errors.ts';

const kinds = ['RSA', 'EC', 'OKP'];
const isPublic = (key: unknown): boolean =>
  typeof key === 'object' &&
  key !== null &&
  'kty' in key &&
  kinds.includes(String(key.kty)) &&
  !('d' in key);

const KeySet = z.object({ keys: z.array(z.custom<JWK>(isPublic)).min(1) });
export type KeySet = z.infer<typeof KeySet>;

const isStrong = ({ asymmetricKeyDetails }: KeyObject): boolean =>
  (asymmetricKeyDetails?.modulusLength ?? 2_048) >= 2_048;

/**
 * A JWKS that lies beside the server. Throws `invalid-configuration` unless every key in it is a
 * public one that can be used: neither a shared secret nor a private key has any business there.
 */
export const readKeySet = (url: string): KeySet => {
  const path = fileURLToPath(url);
  try {
    const set = KeySet.parse(JSON.parse(readFileSync(path, 'utf8')));
    for (const key of set.keys) {
      if (!isStrong(createPublicKey({ key, format: 'jwk' }))) throw new TypeError('RSA below 2048');
    }
    return set;
  } catch (cause) {
    const sentence = `${path} is not a JWKS of public keys (RSA from 2048 bits, EC or OKP)`;
    throw new TriplineError('invalid-configuration', sentence, { cause });
  }
};
