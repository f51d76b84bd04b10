import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Typeform: the prefix of a digest in hex before one in base64. */
export const typeform: SignatureScheme = bodyHmac({
  name: 'typeform',
  evidence: 'none',
  headers: ['typeform-signature'],
  algorithm: 'sha256',
  prefix: 'sha256=',
  encoding: 'base64',
  deliveryId: { pointer: '/event_id' },
});
