import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JWK } from 'jose';
import type { TokenRules } from '../../src/http/tokens.ts';
import { tokenSecret } from './server-under-test.ts';

export const seconds = () => Math.floor(Date.now() / 1_000);
export const base64url = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs whatever it is given, as attackers do: no library would make most of these. */
type Signer = (input: string) => Buffer;
export const byHmac =
  (secret: string | Buffer, hash = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, secret).update(input).digest();
export const byRsa =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), key);
export const byEc =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
export const unsigned: Signer = () => Buffer.alloc(0);

export const forge = (header: object, claims: object | string, signer: Signer): string => {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signer(input).toString('base64url')}`;
};

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
export const nextRsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const ed = generateKeyPairSync('ed25519');
export const mine = generateKeyPairSync('rsa', { modulusLength: 2_048 });
export const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
export const encryptionOnly = generateKeyPairSync('rsa', { modulusLength: 2_048 });

export const jwkOf = (key: KeyObject, more: object): JWK => ({
  ...(key.export({ format: 'jwk' }) as JWK),
  ...more,
});
export const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

export const jwks = {
  keys: [
    jwkOf(rsa.publicKey, { kid: 'rsa' }),
    jwkOf(nextRsa.publicKey, { kid: 'next-rsa', alg: 'RS256' }),
    jwkOf(ec.publicKey, { kid: 'ec', alg: 'ES256', use: 'sig' }),
    jwkOf(ed.publicKey, { kid: 'ed' }),
    jwkOf(weak.publicKey, { kid: 'weak' }),
    jwkOf(encryptionOnly.publicKey, { kid: 'encryption', use: 'enc' }),
    { kty: 'oct', kid: 'shared', k: base64url(tokenSecret) },
  ],
};

export const good = (more: object = {}) => ({
  sub: 'ann',
  workspace: 'acme',
  iss: 'https://issuer',
  aud: 'tripline',
  exp: seconds() + 60,
  ...more,
});
const { exp: _, ...unending } = good();
const { sub: __, ...nobody } = good();
const { iss: ___, ...fromNowhere } = good();
const { aud: ____, ...forNobody } = good();
/** Claims that each lack one. */
export const lacking = { exp: unending, sub: nobody, iss: fromNowhere, aud: forNobody };

export const rules = {
  secrets: [],
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  issuer: 'https://issuer',
  audience: 'tripline',
};
export const shared: TokenRules = { ...rules, secrets: [tokenSecret] };
export const published: TokenRules = { ...rules, jwks };

export const withSecret = byHmac(tokenSecret);
export const withRsa = byRsa(rsa.privateKey);
export const hs = { alg: 'HS256', typ: 'JWT' };
export const rs = { alg: 'RS256', typ: 'JWT', kid: 'rsa' };
