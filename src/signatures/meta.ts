import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Facebook, Instagram, WhatsApp: the secret is that of the app; the SHA-1 header proves nothing. */
export const meta: SignatureScheme = bodyHmac({
  name: 'meta',
  evidence: 'none',
  headers: ['x-hub-signature-256'],
  others: ['x-hub-signature'],
  algorithm: 'sha256',
  prefix: 'sha256=',
  encoding: 'hex',
});
