import type { SignatureScheme } from './scheme.ts';
import { timedHeaders } from './timed-headers.ts';
import { timedHmac } from './timed-hmac.ts';
import { type Tolerance, tolerating, usualTolerance } from './timestamp.ts';

const header = 'x-slack-signature';

/** Slack: HMAC-SHA256 of `v0:time:body`. Events have an id of their own; commands and clicks, sent as forms, have none. */
export const slack: SignatureScheme<Tolerance> = timedHmac({
  name: 'slack',
  evidence: 'sender',
  options: tolerating(usualTolerance),
  header,
  read: timedHeaders({
    signature: header,
    timestamp: 'x-slack-request-timestamp',
    prefix: 'v0=',
    encoding: 'hex',
    form: 'seconds',
  }),
  signed: ({ timestamp }, { rawBody }) => [[`v0:${timestamp}:`, rawBody]],
  pointer: '/event_id',
});
