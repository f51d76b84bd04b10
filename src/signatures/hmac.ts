import { z } from 'zod';
import { HeaderName } from '../domain/header-name.ts';
import { hmac as mac } from '../domain/hmac.ts';
import { equal, textSecret, whichMatches } from './digest.ts';
import { refuse, type SignatureScheme, single } from './scheme.ts';

const Options = z.strictObject({
  header: HeaderName,
  algorithm: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** Stands before the digest, as in `sha256=`. */
  prefix: z.string('must be a string').max(64, 'must be at most 64 characters long').default(''),
});
export type HmacOptions = z.output<typeof Options>;

const lengths = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

const decode = (text: string, { encoding, algorithm }: HmacOptions): Buffer | undefined => {
  const digest = Buffer.from(text, encoding);
  // Only the canonical spelling counts: Buffer would also read what a sender never writes.
  const canonical = digest.toString(encoding) === (encoding === 'hex' ? text.toLowerCase() : text);
  return canonical && digest.length === lengths[algorithm] ? digest : undefined;
};

/** Any sender that puts an HMAC of the raw body into one header. */
export const hmac: SignatureScheme<HmacOptions> = {
  name: 'hmac',
  options: Options,
  signsDeliveryId: false,
  headers: ({ header }) => [header.toLowerCase()],
  readSecret: textSecret,
  verify: (request, secrets, options) => {
    const given = single(request, options.header.toLowerCase());
    if (given === undefined) return refuse('missing-signature');
    if (!given.startsWith(options.prefix)) return refuse('malformed-signature');
    const digest = decode(given.slice(options.prefix.length), options);
    if (digest === undefined) return refuse('malformed-signature');
    if (secrets.length === 0) return refuse('no-secret');
    const secret = whichMatches(secrets, (key) =>
      equal(mac(options.algorithm, key, request.rawBody), digest),
    );
    return secret < 0 ? refuse('no-match') : { ok: true, secret, deliveryId: null };
  },
};
