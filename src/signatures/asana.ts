import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Asana: the secret is the one that it sent when the webhook was made. */
export const asana: SignatureScheme = bodyHmac({
  name: 'asana',
  evidence: 'none',
  headers: ['x-hook-signature'],
  algorithm: 'sha256',
  encoding: 'hex',
});
