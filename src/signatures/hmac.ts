import { hmac as mac } from '../domain/hmac.ts';
import { equal, textSecret, whichMatches } from './digest.ts';
import { refuse, type SignatureOptions, type SignatureScheme, single } from './scheme.ts';

const lengths = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;
const forms = { hex: /^[0-9a-fA-F]+$/, base64: /^[A-Za-z0-9+/]+={0,2}$/ } as const;

const decode = (text: string, { encoding, algorithm }: SignatureOptions): Buffer | undefined => {
  if (!forms[encoding].test(text)) return undefined;
  const digest = Buffer.from(text, encoding);
  // Only the canonical spelling counts: Buffer would also read what a sender never writes.
  const canonical = digest.toString(encoding) === (encoding === 'hex' ? text.toLowerCase() : text);
  return canonical && digest.length === lengths[algorithm] ? digest : undefined;
};

/** Any sender that puts an HMAC of the raw body into one header. */
export const hmac: SignatureScheme = {
  name: 'hmac',
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
