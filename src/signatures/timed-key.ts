import { type KeyObject, verify } from 'node:crypto';
import { fallbackId } from './delivery-id.ts';
import { whichMatches } from './digest.ts';
import type { Evidence } from './evidence.ts';
import { keyIdOf } from './public-key.ts';
import { refuse, refuseStale, type SignatureScheme, single } from './scheme.ts';
import { OptionalTolerance, secondsIn, staleBy, type Tolerance } from './timestamp.ts';

interface Terms {
  readonly name: string;
  readonly evidence: Evidence;
  readonly signature: string;
  readonly timestamp: string;
  /** The bytes of a signature; undefined for what is none. */
  read(text: string): Buffer | undefined;
  readKey(text: string): KeyObject;
  /** Null where the key's own way leaves no choice. */
  readonly algorithm: 'sha256' | null;
  /** What of a signature stays when somebody else makes another valid one of it. */
  lasting(signature: Buffer): Buffer;
}

/** A sender that signs time and body, which stand side by side, with a key whose public half is given here. */
export const timedKey = (terms: Terms): SignatureScheme<Tolerance> => ({
  name: terms.name,
  evidence: terms.evidence,
  options: OptionalTolerance,
  signsDeliveryId: true,
  headers: () => [terms.signature],
  readSecret: terms.readKey,
  verify: (request, keys, options) => {
    const given = single(request, terms.signature);
    const timestamp = single(request, terms.timestamp);
    if (given === undefined || timestamp === undefined) return refuse('missing-signature');
    const signature = terms.read(given);
    const seconds = secondsIn(timestamp, 'seconds');
    if (signature === undefined || seconds === undefined) return refuse('malformed-signature');
    if (keys.length === 0) return refuse('no-secret');
    const message = Buffer.concat([Buffer.from(timestamp), request.rawBody]);
    const secret = whichMatches(keys, (key) => verify(terms.algorithm, message, key, signature));
    const keyId = keyIdOf(keys[secret]);
    if (keyId === undefined) return refuse('no-match');
    const skew = staleBy(seconds, request.receivedAt, options);
    if (skew !== undefined) return refuseStale(skew);
    return { ok: true, secret, keyId, deliveryId: fallbackId(timestamp, terms.lasting(signature)) };
  },
});
