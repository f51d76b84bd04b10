import { hmac } from '../domain/hmac.ts';
import { jsonIn } from '../domain/json-body.ts';
import { pointedAt } from '../domain/json-pointer.ts';
import { equal, textSecret, whichMatches } from './digest.ts';
import { noOptions, refuse, refuseStale, type SignatureScheme, single } from './scheme.ts';
import { isFresh, isTimestamp, skewOf } from './timestamp.ts';

const header = 'stripe-signature';
const digest = /^[0-9a-f]{64}$/;

interface Parts {
  readonly timestamp: string;
  readonly digests: readonly Buffer[];
}

/** `t=…,v1=…[,v1=…][,v0=…]`; only `v1` counts, and there is exactly one `t`. */
const parse = (text: string): Parts | undefined => {
  const digests: Buffer[] = [];
  let timestamp: string | undefined;
  for (const item of text.split(',')) {
    const [name, value = ''] = item.split('=', 2);
    if (name === 't') {
      if (timestamp !== undefined || !isTimestamp(value)) return undefined;
      timestamp = value;
    } else if (name === 'v1' && digest.test(value)) digests.push(Buffer.from(value, 'hex'));
  }
  return timestamp === undefined || digests.length === 0 ? undefined : { timestamp, digests };
};

/** `evt_…`, once the body is known to be Stripe's. */
const eventId = (rawBody: Buffer): string | null => {
  const id = pointedAt(JSON.parse(jsonIn(rawBody.toString('utf8')) ?? 'null'), '/id');
  return typeof id === 'string' && id !== '' ? id : null;
};

/** Stripe: HMAC-SHA256 of `t.body`; 300 s both ways, where Stripe's own library checks age only. */
export const stripe: SignatureScheme = {
  name: 'stripe',
  options: noOptions,
  signsDeliveryId: true,
  headers: () => [header],
  readSecret: textSecret,
  verify: (request, secrets) => {
    const given = single(request, header);
    if (given === undefined) return refuse('missing-signature');
    const parts = parse(given);
    if (parts === undefined) return refuse('malformed-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const prefix = Buffer.from(`${parts.timestamp}.`);
    const secret = whichMatches(secrets, (key) => {
      const expected = hmac('sha256', key, prefix, request.rawBody);
      return parts.digests.some((candidate) => equal(candidate, expected));
    });
    if (secret < 0) return refuse('no-match');
    const skew = skewOf(parts.timestamp, request.receivedAt);
    if (!isFresh(skew)) return refuseStale(skew);
    return { ok: true, secret, deliveryId: eventId(request.unpacked ?? request.rawBody) };
  },
};
