import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Vercel: HMAC-SHA1. */
export const vercel: SignatureScheme = bodyHmac({
  name: 'vercel',
  evidence: 'others',
  headers: ['x-vercel-signature'],
  algorithm: 'sha1',
  encoding: 'hex',
  deliveryId: { pointer: '/id' },
});
