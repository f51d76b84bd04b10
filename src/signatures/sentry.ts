import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Sentry: the secret is that of the integration. Its header with the time is not signed. */
export const sentry: SignatureScheme = bodyHmac({
  name: 'sentry',
  evidence: 'none',
  headers: ['sentry-hook-signature'],
  algorithm: 'sha256',
  encoding: 'hex',
  deliveryId: { headers: ['request-id'] },
});
