import { createSecretKey, type KeyObject, verify } from 'node:crypto';
import { TriplineError } from '../domain/errors.ts';
import { hmac } from '../domain/hmac.ts';
import { equal, whichMatches } from './digest.ts';
import { ed25519Key, keyIdOf } from './public-key.ts';
import { refuse, refuseStale, type SignatureScheme, type SignedRequest, single } from './scheme.ts';
import { secondsIn, staleBy, type Tolerance, tolerating, usualTolerance } from './timestamp.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const families = ['webhook', 'svix'] as const;

const unusable = () =>
  new TriplineError(
    'validation-failed',
    'a Standard Webhooks secret is whsec_ and base64 of 24 to 64 bytes, or whpk_ and base64 of 32',
  );

const readSecret = (text: string): KeyObject => {
  const encoded = text.replace(/^wh(?:sec|pk)_/, '');
  if (!base64.test(encoded)) throw unusable();
  const bytes = Buffer.from(encoded, 'base64');
  if (text.startsWith('whpk_')) {
    if (bytes.length !== 32) throw unusable();
    return ed25519Key(bytes);
  }
  if (bytes.length < 24 || bytes.length > 64) throw unusable();
  return createSecretKey(bytes);
};

interface Parts {
  readonly id: string;
  readonly timestamp: string;
  readonly seconds: number;
  readonly signatures: readonly (readonly [version: string, signature: Buffer])[];
}

const signaturesOf = (text: string): Parts['signatures'] =>
  text.split(' ').flatMap((item) => {
    const comma = item.indexOf(',');
    const encoded = item.slice(comma + 1);
    const signature = Buffer.from(encoded, 'base64');
    // Only the canonical spelling counts: Buffer would also read what a sender never writes.
    const canonical = comma > 0 && encoded !== '' && signature.toString('base64') === encoded;
    return canonical ? [[item.slice(0, comma), signature] as const] : [];
  });

/** The three headers of one family; never one of each. */
const partsOf = (request: SignedRequest): Parts | 'missing' | 'malformed' => {
  for (const family of families) {
    const id = single(request, `${family}-id`);
    const timestamp = single(request, `${family}-timestamp`);
    const text = single(request, `${family}-signature`);
    if (id === undefined || timestamp === undefined || text === undefined) continue;
    const signatures = signaturesOf(text);
    const seconds = secondsIn(timestamp, 'seconds');
    const isWellFormed = !id.includes('.') && seconds !== undefined && signatures.length > 0;
    return isWellFormed ? { id, timestamp, seconds, signatures } : 'malformed';
  }
  return 'missing';
};

const matches = (key: KeyObject, { id, timestamp, signatures }: Parts, body: Buffer): boolean => {
  const signed = Buffer.from(`${id}.${timestamp}.`);
  if (key.type === 'public') {
    const message = Buffer.concat([signed, body]);
    return signatures.some(
      ([version, signature]) => version === 'v1a' && verify(null, message, key, signature),
    );
  }
  const expected = hmac('sha256', key, signed, body);
  return signatures.some(([version, digest]) => version === 'v1' && equal(digest, expected));
};

/** Standard Webhooks 1.0 on raw bytes, also under Svix's older header names. */
export const standardWebhooks: SignatureScheme<Tolerance> = {
  name: 'standard-webhooks',
  evidence: 'sender',
  options: tolerating(usualTolerance),
  signsDeliveryId: true,
  headers: () => families.map((family) => `${family}-signature`),
  readSecret,
  verify: (request, secrets, options) => {
    const parts = partsOf(request);
    if (parts === 'missing') return refuse('missing-signature');
    if (parts === 'malformed') return refuse('malformed-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const secret = whichMatches(secrets, (key) => matches(key, parts, request.rawBody));
    if (secret < 0) return refuse('no-match');
    const skew = staleBy(parts.seconds, request.receivedAt, options);
    if (skew !== undefined) return refuseStale(skew);
    const keyId = keyIdOf(secrets[secret]);
    return { ok: true, secret, ...(keyId !== undefined && { keyId }), deliveryId: parts.id };
  },
};
