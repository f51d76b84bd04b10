import { z } from 'zod';
import { PublicUrl, signedUrl } from './public-url.ts';
import type { SignatureScheme, SignedRequest } from './scheme.ts';
import { timedHeaders } from './timed-headers.ts';
import { timedHmac } from './timed-hmac.ts';
import { tolerating, usualTolerance } from './timestamp.ts';

const header = 'x-hubspot-signature-v3';
const Options = z.strictObject({
  publicUrl: PublicUrl,
  ...tolerating(usualTolerance).shape,
});
type Options = z.output<typeof Options>;

/** What HubSpot writes out in a URL before it signs it. */
const writtenOut = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** As asked for, and as HubSpot's description has it: its own library signs the first. */
const urlsOf = (request: SignedRequest, { publicUrl }: Options): readonly string[] => {
  const url = signedUrl(publicUrl, request);
  return url === undefined ? [] : [url, url.replaceAll(writtenOut, decodeURIComponent)];
};

/** HubSpot (v3): HMAC-SHA256 of method, URL, body and time in milliseconds. */
export const hubSpot: SignatureScheme<Options> = timedHmac({
  name: 'hubspot',
  evidence: 'sender',
  options: Options,
  header,
  read: timedHeaders({
    signature: header,
    timestamp: 'x-hubspot-request-timestamp',
    encoding: 'base64',
    form: 'milliseconds',
  }),
  signed: ({ timestamp }, request, options) =>
    urlsOf(request, options).map((url) => [request.method, url, request.rawBody, timestamp]),
});
