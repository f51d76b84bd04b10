import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Intercom: HMAC-SHA1; the secret is the app's client secret. */
export const intercom: SignatureScheme = bodyHmac({
  name: 'intercom',
  evidence: 'others',
  headers: ['x-hub-signature'],
  algorithm: 'sha1',
  prefix: 'sha1=',
  encoding: 'hex',
  deliveryId: { pointer: '/id' },
});
