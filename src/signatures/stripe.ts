import type { SignatureScheme } from './scheme.ts';
import { timedHmac } from './timed-hmac.ts';
import { timedList } from './timed-list.ts';
import { type Tolerance, tolerating, usualTolerance } from './timestamp.ts';

const header = 'stripe-signature';

/**
 * Stripe: `t=…,v1=…[,v1=…][,v0=…]`, of which only `v1` counts, an HMAC of `t.body`; both ways, where
 * Stripe's own library checks age only.
 */
export const stripe: SignatureScheme<Tolerance> = timedHmac({
  name: 'stripe',
  evidence: 'sender',
  options: tolerating(usualTolerance),
  header,
  read: timedList({ header, separator: ',', time: 't', digest: 'v1' }),
  signed: ({ timestamp }, { rawBody }) => [[`${timestamp}.`, rawBody]],
  pointer: '/id',
});
