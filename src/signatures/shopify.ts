import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Shopify; events of its newer kind have the same headers without the `x-`. */
export const shopify: SignatureScheme = bodyHmac({
  name: 'shopify',
  evidence: 'sender',
  headers: ['x-shopify-hmac-sha256', 'shopify-hmac-sha256'],
  algorithm: 'sha256',
  encoding: 'base64',
  deliveryId: { headers: ['x-shopify-webhook-id', 'shopify-webhook-id'] },
});
