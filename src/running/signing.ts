import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { hmac } from '../domain/hmac.ts';
import { type LongBody, passingPiecesOf } from '../domain/long-body.ts';

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

const signed = (id: string, timestamp: string, digests: readonly Buffer[]): SignedHeaders => ({
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': digests.map((digest) => `v1,${digest.toString('base64')}`).join(' '),
});

const secondsOf = (atMs: number): string => String(Math.floor(atMs / 1_000));

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
  const timestamp = secondsOf(atMs);
  const prefix = `${id}.${timestamp}.`;
  return signed(
    id,
    timestamp,
    keys.map((key) => hmac('sha256', key, prefix, body)),
  );
};

/** So much is hashed before others get their turn. */
const pausedAfter = 1_048_576;

/** The same of a body that is never there as a whole, and how many bytes it has. */
export const signedHeadersOfLong = async (
  id: string,
  atMs: number,
  body: LongBody,
  keys: readonly KeyObject[],
  clock: Pick<Clock, 'soon'>,
): Promise<SignedHeaders & { readonly 'content-length': string }> => {
  const timestamp = secondsOf(atMs);
  const macs = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`));
  let length = 0;
  let untilPause = pausedAfter;
  for (const piece of passingPiecesOf(body)) {
    for (const mac of macs) mac.update(piece);
    length += piece.length;
    untilPause -= piece.length;
    if (untilPause > 0) continue;
    await new Promise<void>((resolve) => clock.soon(resolve));
    untilPause = pausedAfter;
  }
  const digests = macs.map((mac) => mac.digest());
  return { ...signed(id, timestamp, digests), 'content-length': String(length) };
};
