import type { SignatureOptions } from '../../src/signatures/scheme.ts';

/** The generic scheme as the contract's `hmac` member means it. */
export const defaults: SignatureOptions = {
  header: 'X-Webhook-Signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
};
