import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Notion: the secret is the verification token that it sends once. */
export const notion: SignatureScheme = bodyHmac({
  name: 'notion',
  evidence: 'sender',
  headers: ['x-notion-signature'],
  algorithm: 'sha256',
  prefix: 'sha256=',
  encoding: 'hex',
  deliveryId: { pointer: '/id' },
});
