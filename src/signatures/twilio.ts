import { hash } from 'node:crypto';
import { z } from 'zod';
import { hmac } from '../domain/hmac.ts';
import { sendersId } from './delivery-id.ts';
import { digestBytes, digestIn, equal, textSecret, whichMatches } from './digest.ts';
import { PublicUrl, signedUrl } from './public-url.ts';
import { refuse, type SignatureScheme, type SignedRequest, single } from './scheme.ts';

const header = 'x-twilio-signature';
const Options = z.strictObject({ publicUrl: PublicUrl });

type Field = readonly [name: string, value: string];

const order = (left: string, right: string): number => Number(left > right) - Number(left < right);

/** Names in order, each with its values, which are told once each and in order, too. */
const formText = (rawBody: Buffer): string => {
  const fields: Field[] = [...new URLSearchParams(rawBody.toString('utf8'))];
  // In one go over all of them: as many names as fit into a body are no work worth sending them for.
  fields.sort((left, right) => order(left[0], right[0]) || order(left[1], right[1]));
  return fields
    .filter(([name, value], at) => {
      const [formerName, formerValue] = fields[at - 1] ?? [];
      return name !== formerName || value !== formerValue;
    })
    .flat()
    .join('');
};

/**
 * What is signed behind the URL: of a form all that it says. Any other body is signed by its hash in
 * the query, and one without is signed by nothing. Undefined where the body is not what was signed.
 */
const signedBehind = (url: string, request: SignedRequest): string | undefined => {
  const { rawBody } = request;
  const hashes = new URL(url).searchParams.getAll('bodySHA256');
  if (hashes.length > 0)
    return hashes.length === 1 && hashes[0] === hash('sha256', rawBody, 'hex') ? '' : undefined;
  if (rawBody.length === 0) return '';
  const type = single(request, 'content-type') ?? '';
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)
    ? formText(rawBody)
    : undefined;
};

const authority = /^(https?):\/\/([^/?]*?)(:\d+)?(?=[/?]|$)/i;

/** Twilio signs some URLs with their port and some without, whatever it was given. */
const withAndWithoutPort = (url: string): readonly string[] => [
  url.replace(authority, (_, scheme: string, host: string, port?: string) => {
    const usual = scheme.toLowerCase() === 'https' ? ':443' : ':80';
    return `${scheme}://${host}${port ?? usual}`;
  }),
  url.replace(authority, '$1://$2'),
];

/** Twilio: HMAC-SHA1 of the URL and what is in the form. */
export const twilio: SignatureScheme<z.output<typeof Options>> = {
  name: 'twilio',
  evidence: 'sender',
  options: Options,
  signsDeliveryId: false,
  headers: () => [header],
  readSecret: textSecret,
  verify: (request, secrets, { publicUrl }) => {
    const given = single(request, header);
    if (given === undefined) return refuse('missing-signature');
    const digest = digestIn(given, 'base64', digestBytes.sha1);
    const url = signedUrl(publicUrl, request);
    if (digest === undefined || url === undefined) return refuse('malformed-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const behind = signedBehind(url, request);
    if (behind === undefined) return refuse('no-match');
    const texts = withAndWithoutPort(url).map((each) => each + behind);
    const macs = secrets.map((key) => texts.map((text) => hmac('sha1', key, text)));
    const secret = whichMatches(macs, (made) => made.some((mac) => equal(mac, digest)));
    if (secret < 0) return refuse('no-match');
    return {
      ok: true,
      secret,
      deliveryId: sendersId({ headers: ['i-twilio-idempotency-token'] }, request),
    };
  },
};
