import type { SignatureScheme } from './scheme.ts';
import { timedHeaders } from './timed-headers.ts';
import { timedHmac } from './timed-hmac.ts';
import { OptionalTolerance, type Tolerance } from './timestamp.ts';

const header = 'x-zm-signature';

/** Zoom: HMAC-SHA256 of `v0:time:body` with the secret token. */
export const zoom: SignatureScheme<Tolerance> = timedHmac({
  name: 'zoom',
  evidence: 'others',
  options: OptionalTolerance,
  header,
  read: timedHeaders({
    signature: header,
    timestamp: 'x-zm-request-timestamp',
    prefix: 'v0=',
    encoding: 'hex',
    form: 'seconds',
  }),
  signed: ({ timestamp }, { rawBody }) => [[`v0:${timestamp}:`, rawBody]],
});
