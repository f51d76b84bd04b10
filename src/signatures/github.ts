import { hmac } from '../domain/hmac.ts';
import { equal, textSecret, whichMatches } from './digest.ts';
import { noOptions, refuse, type SignatureScheme, single } from './scheme.ts';

const header = 'x-hub-signature-256';
const form = /^sha256=[0-9a-f]{64}$/;

/** GitHub: HMAC-SHA256 of the raw body, also when it is form-encoded; the SHA-1 header proves nothing. */
export const github: SignatureScheme = {
  name: 'github',
  options: noOptions,
  signsDeliveryId: false,
  headers: () => [header, 'x-hub-signature'],
  readSecret: textSecret,
  verify: (request, secrets) => {
    const given = single(request, header);
    if (given === undefined) return refuse('missing-signature');
    if (!form.test(given)) return refuse('malformed-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const digest = Buffer.from(given.slice(7), 'hex');
    const secret = whichMatches(secrets, (key) =>
      equal(hmac('sha256', key, request.rawBody), digest),
    );
    if (secret < 0) return refuse('no-match');
    return { ok: true, secret, deliveryId: single(request, 'x-github-delivery') ?? null };
  },
};
