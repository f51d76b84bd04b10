import { digestBytes, digestIn } from './digest.ts';
import { type SignedRequest, single } from './scheme.ts';
import type { TimedProof } from './timed-hmac.ts';
import { secondsIn } from './timestamp.ts';

interface Terms {
  readonly header: string;
  readonly separator: string;
  /** What the member with the time is called, and those with a digest in hex. */
  readonly time: string;
  readonly digest: string;
}

const member = /^\w+=[\w.-]*$/;

/** What a request says of its signature where one header has all: `t=…,v1=…[,v1=…]`. There is one time. */
export const timedList =
  ({ header, separator, time, digest }: Terms) =>
  (request: SignedRequest): TimedProof | 'missing-signature' | 'malformed-signature' => {
    const given = single(request, header);
    if (given === undefined) return 'missing-signature';
    const items = given.split(separator).map((item) => item.trim());
    if (!items.every((item) => member.test(item))) return 'malformed-signature';
    const members = items.map((item) => item.split('=', 2));
    const values = (wanted: string) =>
      members.flatMap(([name, value = '']) => (name === wanted ? [value] : []));
    const [timestamp = '', ...others] = values(time);
    const seconds = secondsIn(timestamp, 'seconds');
    const digests = values(digest).flatMap(
      (value) => digestIn(value, 'hex', digestBytes.sha256) ?? [],
    );
    return seconds === undefined || others.length > 0 || digests.length === 0
      ? 'malformed-signature'
      : { timestamp, seconds, digests };
  };
