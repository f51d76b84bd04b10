import type { KeyObject } from 'node:crypto';

/** What a verdict may depend on, and nothing else: no clock, no I/O. */
export interface SignedRequest {
  /** The body as it came over the wire, before any parser. */
  readonly rawBody: Buffer;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Wall clock at arrival, milliseconds since 1970. */
  readonly receivedAt: number;
}

export type Refusal =
  | 'missing-signature'
  | 'malformed-signature'
  | 'stale-timestamp'
  | 'no-secret'
  | 'no-match';

export type Verdict =
  | {
      readonly ok: true;
      /** Which of the secrets matched, counted from 0. */
      readonly secret: number;
      /** The sender's own id of this delivery, where the scheme has one. */
      readonly deliveryId: string | null;
    }
  | { readonly ok: false; readonly reason: Refusal };

/** What the generic scheme is told; the others know it themselves. */
export interface SignatureOptions {
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** Stands before the digest, as `sha256=`; may be empty. */
  readonly prefix: string;
}

/**
 * How one kind of sender signs. `verify` tries every secret, whichever matches first, and compares
 * digests in constant time; a missing header, an empty secret list or a stale timestamp refuses.
 */
export interface SignatureScheme {
  readonly name: string;
  /**
   * True where the signature covers the delivery id, so that nobody but the sender can reuse one.
   */
  readonly signsDeliveryId: boolean;
  /** Headers that carry the proof: they are never stored. */
  readonly headers: (options: SignatureOptions) => readonly string[];
  /** Throws `validation-failed` for text that can never be a secret of this scheme. */
  readonly readSecret: (text: string) => KeyObject;
  readonly verify: (
    request: SignedRequest,
    secrets: readonly KeyObject[],
    options: SignatureOptions,
  ) => Verdict;
}

export const refuse = (reason: Refusal): Verdict => ({ ok: false, reason });

/** The one value of a header; a header sent twice proves nothing. */
export const single = (request: SignedRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
