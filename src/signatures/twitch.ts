import { type SignatureScheme, type SignedRequest, single } from './scheme.ts';
import { timedHeaders } from './timed-headers.ts';
import { timedHmac } from './timed-hmac.ts';
import { type Tolerance, tolerating } from './timestamp.ts';

const header = 'twitch-eventsub-message-signature';
/** Without a colon, which an instant has: so nothing can be taken for a longer id and a later time. */
const idForm = /^[\w+/=.-]{1,256}$/;

const timed = timedHeaders({
  signature: header,
  timestamp: 'twitch-eventsub-message-timestamp',
  prefix: 'sha256=',
  encoding: 'hex',
  form: 'instant',
});

const read = (request: SignedRequest): ReturnType<typeof timed> => {
  const id = single(request, 'twitch-eventsub-message-id');
  if (id === undefined) return 'missing-signature';
  const proof = timed(request);
  if (typeof proof === 'string') return proof;
  return idForm.test(id) ? { ...proof, id } : 'malformed-signature';
};

/** Twitch (EventSub): HMAC-SHA256 of id, time and body, which stand side by side. */
export const twitch: SignatureScheme<Tolerance> = timedHmac({
  name: 'twitch',
  evidence: 'others',
  options: tolerating(600),
  header,
  read,
  signed: ({ id = '', timestamp }, { rawBody }) => [[id, timestamp, rawBody]],
});
