import { digestBytes, digestIn } from './digest.ts';
import { type SignedRequest, single } from './scheme.ts';
import type { TimedProof } from './timed-hmac.ts';
import { secondsIn, type TimestampForm } from './timestamp.ts';

interface Terms {
  readonly signature: string;
  readonly timestamp: string;
  /** Stands before the digest. */
  readonly prefix?: string;
  readonly encoding: 'hex' | 'base64';
  readonly form: TimestampForm;
}

/** What a request says of its signature where the time has a header of its own. */
export const timedHeaders =
  ({ signature, timestamp, prefix = '', encoding, form }: Terms) =>
  (request: SignedRequest): TimedProof | 'missing-signature' | 'malformed-signature' => {
    const given = single(request, signature);
    const time = single(request, timestamp);
    if (given === undefined || time === undefined) return 'missing-signature';
    const seconds = secondsIn(time, form);
    const digest = given.startsWith(prefix)
      ? digestIn(given.slice(prefix.length), encoding, digestBytes.sha256)
      : undefined;
    if (seconds === undefined || digest === undefined) return 'malformed-signature';
    return { timestamp: time, seconds, digests: [digest] };
  };
