import type { SignatureScheme } from './scheme.ts';
import { timedHeaders } from './timed-headers.ts';
import { timedHmac } from './timed-hmac.ts';
import { OptionalTolerance, type Tolerance } from './timestamp.ts';

const header = 'x-zendesk-webhook-signature';

/** Zendesk: HMAC-SHA256 of the time, an instant in RFC 3339, and the body. */
export const zendesk: SignatureScheme<Tolerance> = timedHmac({
  name: 'zendesk',
  evidence: 'none',
  options: OptionalTolerance,
  header,
  read: timedHeaders({
    signature: header,
    timestamp: 'x-zendesk-webhook-signature-timestamp',
    encoding: 'base64',
    form: 'instant',
  }),
  signed: ({ timestamp }, { rawBody }) => [[timestamp, rawBody]],
});
