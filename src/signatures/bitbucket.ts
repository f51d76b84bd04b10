import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Bitbucket: SHA-256 in the header that others use for SHA-1. */
export const bitbucket: SignatureScheme = bodyHmac({
  name: 'bitbucket',
  evidence: 'sender',
  headers: ['x-hub-signature'],
  algorithm: 'sha256',
  prefix: 'sha256=',
  encoding: 'hex',
  deliveryId: { headers: ['x-request-uuid'] },
});
