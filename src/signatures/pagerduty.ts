import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** PagerDuty (webhooks v3): a signature for each secret while they change. */
export const pagerDuty: SignatureScheme = bodyHmac({
  name: 'pagerduty',
  evidence: 'sender',
  headers: ['x-pagerduty-signature'],
  algorithm: 'sha256',
  prefix: 'v1=',
  separator: ',',
  encoding: 'hex',
  deliveryId: { pointer: '/event/id' },
});
