import { createSecretKey, type KeyObject } from 'node:crypto';
import { hmac } from '../domain/hmac.ts';

const secretText = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** Reads `whsec_` + base64; undefined for anything else. */
export const signingKeyOf = (secret: unknown): KeyObject | undefined => {
  const encoded = typeof secret === 'string' ? secretText.exec(secret)?.[1] : undefined;
  return encoded === undefined ? undefined : createSecretKey(Buffer.from(encoded, 'base64'));
};

export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * The three headers of Standard Webhooks 1.0. The id stays the same in every attempt, the time is
 * that of the attempt; each key gives one signature, so that both sides of a rotation verify.
 */
export const signedHeaders = (
  id: string,
  atMs: number,
  body: string,
  keys: readonly KeyObject[],
): SignedHeaders => {
  const timestamp = String(Math.floor(atMs / 1_000));
  const prefix = `${id}.${timestamp}.`;
  const signatures = keys.map(
    (key) => `v1,${hmac('sha256', key, prefix, body).toString('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
};
