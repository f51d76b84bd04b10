import { z } from 'zod';
import { hmac } from '../domain/hmac.ts';
import { sendersId } from './delivery-id.ts';
import { digestBytes, digestIn, equal, textSecret, whichMatches } from './digest.ts';
import { PublicUrl, signedUrl } from './public-url.ts';
import { refuse, type SignatureScheme, single } from './scheme.ts';

const header = 'x-square-hmacsha256-signature';
const Options = z.strictObject({ publicUrl: PublicUrl });

/** Square: HMAC-SHA256 of the notification URL and the body. */
export const square: SignatureScheme<z.output<typeof Options>> = {
  name: 'square',
  evidence: 'sender',
  options: Options,
  signsDeliveryId: true,
  headers: () => [header],
  readSecret: textSecret,
  verify: (request, secrets, { publicUrl }) => {
    const given = single(request, header);
    if (given === undefined) return refuse('missing-signature');
    const digest = digestIn(given, 'base64', digestBytes.sha256);
    const url = signedUrl(publicUrl, request);
    if (digest === undefined || url === undefined) return refuse('malformed-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const macs = secrets.map((key) => hmac('sha256', key, url, request.rawBody));
    const secret = whichMatches(macs, (mac) => equal(mac, digest));
    if (secret < 0) return refuse('no-match');
    return { ok: true, secret, deliveryId: sendersId({ pointer: '/event_id' }, request) };
  },
};
