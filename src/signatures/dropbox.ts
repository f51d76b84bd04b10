import { bodyHmac } from './body-hmac.ts';
import type { SignatureScheme } from './scheme.ts';

/** Dropbox: the secret is that of the app. Its notices say whose files changed, so that the same bytes come again and again. */
export const dropbox: SignatureScheme = bodyHmac({
  name: 'dropbox',
  evidence: 'others',
  headers: ['x-dropbox-signature'],
  algorithm: 'sha256',
  encoding: 'hex',
});
