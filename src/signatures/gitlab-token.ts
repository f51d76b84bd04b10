import { hash } from 'node:crypto';
import { sendersId } from './delivery-id.ts';
import { equal, textSecret, whichMatches } from './digest.ts';
import { noOptions, refuse, type SignatureScheme, single } from './scheme.ts';

const header = 'x-gitlab-token';

/** Of one length for every token, so that a comparison does not tell how long one is. */
const shortened = (token: string | Buffer): Buffer => hash('sha256', token, 'buffer');

/** GitLab's older way: the token itself is sent. It proves who sends, and nothing of what is sent. */
export const gitlabToken: SignatureScheme = {
  name: 'gitlab-token',
  evidence: 'others',
  options: noOptions,
  signsDeliveryId: false,
  headers: () => [header],
  readSecret: textSecret,
  verify: (request, secrets) => {
    const given = single(request, header);
    if (given === undefined) return refuse('missing-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const token = shortened(Buffer.from(given, 'latin1'));
    const secret = whichMatches(secrets, (key) => equal(shortened(key.export()), token));
    if (secret < 0) return refuse('no-match');
    return { ok: true, secret, deliveryId: sendersId({ headers: ['idempotency-key'] }, request) };
  },
};
