import type { SignatureScheme } from './scheme.ts';
import { timedHmac } from './timed-hmac.ts';
import { timedList } from './timed-list.ts';
import { type Tolerance, tolerating } from './timestamp.ts';

const header = 'paddle-signature';

/** Paddle (Billing): `ts=…;h1=…[;h1=…]`, an HMAC of `ts:body`, and very little time. */
export const paddle: SignatureScheme<Tolerance> = timedHmac({
  name: 'paddle',
  evidence: 'sender',
  options: tolerating(5),
  header,
  read: timedList({ header, separator: ';', time: 'ts', digest: 'h1' }),
  signed: ({ timestamp }, { rawBody }) => [[`${timestamp}:`, rawBody]],
  pointer: '/event_id',
});
