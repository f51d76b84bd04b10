import { type HmacAlgorithm, hmac } from '../domain/hmac.ts';
import { isSigned, type SendersId, sendersId } from './delivery-id.ts';
import { digestBytes, digestIn, equal, textSecret, whichMatches } from './digest.ts';
import type { Evidence } from './evidence.ts';
import { noOptions, refuse, type SignatureScheme, single } from './scheme.ts';

interface Terms {
  readonly name: string;
  readonly evidence: Evidence;
  /** Where the digest stands: in the first of these that is there. */
  readonly headers: readonly string[];
  /** What else it sends that looks like a proof and is taken for none. */
  readonly others?: readonly string[];
  readonly algorithm: HmacAlgorithm;
  readonly prefix?: string;
  /** Stands between several, one of which has to fit: there are several while the sender changes its secret. */
  readonly separator?: string;
  readonly encoding: 'hex' | 'base64';
  readonly deliveryId?: SendersId;
}

const digestsIn = (
  given: string,
  { algorithm, prefix = '', separator, encoding }: Terms,
): readonly Buffer[] => {
  const items =
    separator === undefined ? [given] : given.split(separator).map((text) => text.trim());
  return items
    .filter((item) => item.startsWith(prefix))
    .flatMap((item) => digestIn(item.slice(prefix.length), encoding, digestBytes[algorithm]) ?? []);
};

/** A sender that puts an HMAC of the raw body into one header, and signs no time. */
export const bodyHmac = (terms: Terms): SignatureScheme => {
  const { name, evidence, headers, others = [], algorithm } = terms;
  return {
    name,
    evidence,
    options: noOptions,
    signsDeliveryId: isSigned(terms.deliveryId),
    headers: () => [...headers, ...others],
    readSecret: textSecret,
    verify: (request, secrets) => {
      const [given] = headers.flatMap((header) => single(request, header) ?? []);
      if (given === undefined) return refuse('missing-signature');
      const digests = digestsIn(given, terms);
      if (digests.length === 0) return refuse('malformed-signature');
      if (secrets.length === 0) return refuse('no-secret');
      const macs = secrets.map((key) => hmac(algorithm, key, request.rawBody));
      const secret = whichMatches(macs, (mac) => digests.some((digest) => equal(digest, mac)));
      if (secret < 0) return refuse('no-match');
      return { ok: true, secret, deliveryId: sendersId(terms.deliveryId, request) };
    },
  };
};
