import type { z } from 'zod';
import { hmac } from '../domain/hmac.ts';
import { fallbackId, sendersId } from './delivery-id.ts';
import { equal, textSecret, whichMatches } from './digest.ts';
import type { Evidence } from './evidence.ts';
import { refuse, refuseStale, type SignatureScheme, type SignedRequest } from './scheme.ts';
import { staleBy, type Tolerance } from './timestamp.ts';

/** What a request says of its signature. */
export interface TimedProof {
  /** As it was signed. */
  readonly timestamp: string;
  readonly seconds: number;
  /** One of them has to fit: there are several while the sender changes its secret. */
  readonly digests: readonly Buffer[];
  /** The sender's own id, where it is signed with the rest. */
  readonly id?: string;
}

interface Terms<Options extends Tolerance> {
  readonly name: string;
  readonly evidence: Evidence;
  readonly options: z.ZodType<Options>;
  readonly header: string;
  read(request: SignedRequest): TimedProof | 'missing-signature' | 'malformed-signature';
  /** Each text that the sender may have signed, in parts. */
  signed(
    proof: TimedProof,
    request: SignedRequest,
    options: Options,
  ): readonly (readonly (string | Buffer)[])[];
  /** Where the body has the delivery's id. */
  readonly pointer?: string;
}

const idOf = (
  proof: TimedProof,
  request: SignedRequest,
  pointer: string | undefined,
  mac: Buffer | undefined,
): string | null => {
  const own = proof.id ?? sendersId(pointer === undefined ? undefined : { pointer }, request);
  return own ?? (mac === undefined ? null : fallbackId(proof.timestamp, mac));
};

/** A sender that signs the time beside the raw body, by HMAC-SHA256. All that tells deliveries apart is signed. */
export const timedHmac = <Options extends Tolerance>(
  terms: Terms<Options>,
): SignatureScheme<Options> => ({
  name: terms.name,
  evidence: terms.evidence,
  options: terms.options,
  signsDeliveryId: true,
  headers: () => [terms.header],
  readSecret: textSecret,
  verify: (request, secrets, options) => {
    const proof = terms.read(request);
    if (typeof proof === 'string') return refuse(proof);
    if (secrets.length === 0) return refuse('no-secret');
    const texts = terms.signed(proof, request, options);
    const macs = secrets.map((key) => texts.map((parts) => hmac('sha256', key, ...parts)));
    const secret = whichMatches(macs, (made) =>
      made.some((mac) => proof.digests.some((digest) => equal(digest, mac))),
    );
    if (secret < 0) return refuse('no-match');
    const skew = staleBy(proof.seconds, request.receivedAt, options);
    if (skew !== undefined) return refuseStale(skew);
    // Of the first secret, whichever fits: a delivery with several signatures has one id.
    return { ok: true, secret, deliveryId: idOf(proof, request, terms.pointer, macs[0]?.[0]) };
  },
});
