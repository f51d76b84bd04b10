import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** GitHub: HMAC-SHA256 of the raw body, also when it is form-encoded; the SHA-1 header proves nothing. */
export const github: SignatureScheme = bodyHmac({
  name: 'github',
  evidence: 'sender',
  headers: ['x-hub-signature-256'],
  others: ['x-hub-signature'],
  algorithm: 'sha256',
  prefix: 'sha256=',
  encoding: 'hex',
  deliveryId: { headers: ['x-github-delivery'] },
});
