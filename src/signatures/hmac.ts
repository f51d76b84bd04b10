import { z } from 'zod';
import { HeaderName } from '../domain/header-name.ts';
import { hmac as mac } from '../domain/hmac.ts';
import { fallbackId } from './delivery-id.ts';
import { digestBytes, digestIn, equal, textSecret, whichMatches } from './digest.ts';
import { refuse, refuseStale, type SignatureScheme, type SignedRequest, single } from './scheme.ts';
import { isPlainId, namesOnly, setsIdOff, signedText } from './signed-text.ts';
import { secondsIn, staleBy, toleranceSeconds, usualTolerance } from './timestamp.ts';

const Settings = z.strictObject({
  header: HeaderName,
  algorithm: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** Stands before the digest, as in `sha256=`. */
  prefix: z.string('must be a string').max(64, 'must be at most 64 characters long').default(''),
  /** As `{timestamp}.{body}`; the body alone where it is not given. */
  signedText: z
    .string('must be a string')
    .max(256, 'must be at most 256 characters long')
    .refine(setsIdOff, 'must have a separator on each side of {id}')
    .optional(),
  /** Has whole Unix seconds. */
  timestampHeader: HeaderName.optional(),
  toleranceSeconds: toleranceSeconds.optional(),
  idHeader: HeaderName.optional(),
});
export type HmacOptions = z.output<typeof Settings>;

const textRule =
  'must have {body} once, {timestamp} once if there is a timestampHeader, {id} once if there is an idHeader';

const Options = Settings.superRefine((options, context) => {
  const { signedText: template = '{body}', timestampHeader, idHeader } = options;
  const parts = [
    'body',
    ...(timestampHeader === undefined ? [] : ['timestamp']),
    ...(idHeader === undefined ? [] : ['id']),
  ];
  if (!namesOnly(template, parts))
    context.addIssue({ code: 'custom', path: ['signedText'], message: textRule });
  if (options.toleranceSeconds !== undefined && timestampHeader === undefined)
    context.addIssue({
      code: 'custom',
      path: ['toleranceSeconds'],
      message: 'must not be given without timestampHeader',
    });
});

interface Proof {
  readonly digest: Buffer;
  readonly timestamp: string;
  /** Null where no time is signed. */
  readonly seconds: number | null;
  readonly id: string;
}

const digestOf = (given: string, { encoding, algorithm, prefix }: HmacOptions) => {
  if (!given.startsWith(prefix)) return undefined;
  const text = given.slice(prefix.length);
  return digestIn(encoding === 'hex' ? text.toLowerCase() : text, encoding, digestBytes[algorithm]);
};

const proofIn = (
  request: SignedRequest,
  options: HmacOptions,
): Proof | 'missing-signature' | 'malformed-signature' => {
  const read = (name: string | undefined): string | undefined =>
    name === undefined ? '' : single(request, name.toLowerCase());
  const given = read(options.header);
  const timestamp = read(options.timestampHeader);
  const id = read(options.idHeader);
  if (given === undefined || timestamp === undefined || id === undefined)
    return 'missing-signature';
  const digest = digestOf(given, options);
  const seconds = timestamp === '' ? null : secondsIn(timestamp, 'seconds');
  return digest === undefined || seconds === undefined || !isPlainId(id)
    ? 'malformed-signature'
    : { digest, timestamp, seconds, id };
};

const idIn = ({ id, seconds, timestamp, digest }: Proof): string | null => {
  if (id !== '') return id;
  return seconds === null ? null : fallbackId(timestamp, digest);
};

/** Any sender that puts an HMAC of the raw body, and perhaps of time and id, into one header. */
export const hmac: SignatureScheme<HmacOptions> = {
  name: 'hmac',
  evidence: null,
  options: Options,
  signsDeliveryId: false,
  headers: ({ header }) => [header.toLowerCase()],
  readSecret: textSecret,
  verify: (request, secrets, options) => {
    const proof = proofIn(request, options);
    if (typeof proof === 'string') return refuse(proof);
    if (secrets.length === 0) return refuse('no-secret');
    const text = signedText(options.signedText ?? '{body}', proof, request);
    const macs = secrets.map((key) => mac(options.algorithm, key, ...text));
    const secret = whichMatches(macs, (made) => equal(made, proof.digest));
    if (secret < 0) return refuse('no-match');
    const { toleranceSeconds: tolerated = usualTolerance } = options;
    const skew =
      proof.seconds === null
        ? undefined
        : staleBy(proof.seconds, request.receivedAt, { toleranceSeconds: tolerated });
    if (skew !== undefined) return refuseStale(skew);
    return { ok: true, secret, deliveryId: idIn(proof) };
  },
};
