import { bodyHmac } from './body-hmac.ts';
import { fallbackId, memberIn } from './delivery-id.ts';
import { refuse, refuseStale, type SignatureScheme, single } from './scheme.ts';
import { staleBy, type Tolerance, tolerating } from './timestamp.ts';

const header = 'linear-signature';

const signature = bodyHmac({
  name: 'linear',
  evidence: 'sender',
  headers: [header],
  algorithm: 'sha256',
  encoding: 'hex',
  deliveryId: { headers: ['linear-delivery'] },
});

/** Linear: HMAC-SHA256 of the raw body, which has the time in it; the header with a time is not signed. */
export const linear: SignatureScheme<Tolerance> = {
  ...signature,
  options: tolerating(60),
  verify: (request, secrets, options) => {
    const verdict = signature.verify(request, secrets, {});
    if (!verdict.ok) return verdict;
    const sentAt = memberIn(request, '/webhookTimestamp');
    if (typeof sentAt !== 'number' || !Number.isSafeInteger(sentAt))
      return refuse('malformed-signature');
    const skew = staleBy(Math.floor(sentAt / 1_000), request.receivedAt, options);
    if (skew !== undefined) return refuseStale(skew);
    const digest = Buffer.from(single(request, header) ?? '', 'hex');
    return { ...verdict, deliveryId: verdict.deliveryId ?? fallbackId(String(sentAt), digest) };
  },
};
