import type { HmacOptions } from '../../src/signatures/hmac.ts';

/** The generic scheme as the contract's `hmac` member means it. */
export const defaults: HmacOptions = {
  header: 'X-Webhook-Signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
};
