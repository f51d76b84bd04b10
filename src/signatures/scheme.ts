import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Evidence } from './evidence.ts';

/** What a verdict may depend on, and nothing else: no clock, no I/O. */
export interface SignedRequest {
  /** The body as it came over the wire, before any parser. */
  readonly rawBody: Buffer;
  /** The same unpacked, where it came compressed. */
  readonly unpacked?: Buffer;
  readonly method: string;
  /** Path and query, as they were asked for. */
  readonly target: string;
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

export interface Verified {
  readonly ok: true;
  /** Which of the secrets matched, counted from 0. */
  readonly secret: number;
  /** Of a public key: which one it is, whatever its place. Secrets have no name that tells nothing. */
  readonly keyId?: string;
  /** The sender's own id of this delivery, or what is as good; null where there is neither. */
  readonly deliveryId: string | null;
}

export interface Refused {
  readonly ok: false;
  readonly reason: Refusal;
  /** Of a stale timestamp: by how much it is ahead of `receivedAt`, or behind it (negative). */
  readonly skewSeconds?: number;
}

export type Verdict = Verified | Refused;

/**
 * How one kind of sender signs. `verify` tries every secret, whichever matches first, and compares
 * digests in constant time; a missing header, an empty secret list or a stale timestamp refuses.
 */
export interface SignatureScheme<Options extends object = object> {
  readonly name: string;
  /** Null of a scheme that is of no sender in particular. */
  readonly evidence: Evidence | null;
  /** What a trigger says of it beside its name and secrets; its defaults are recorded. */
  readonly options: z.ZodType<Options>;
  /**
   * True where the signature covers the delivery id, so that nobody but the sender can reuse one.
   */
  readonly signsDeliveryId: boolean;
  /** Headers that carry the proof: they are never stored. */
  headers(options: Options): readonly string[];
  /** Throws `validation-failed` for text that can never be a secret of this scheme. */
  readSecret(text: string): KeyObject;
  verify(request: SignedRequest, secrets: readonly KeyObject[], options: Options): Verdict;
}

/** Of schemes that fix every detail themselves. */
export const noOptions = z.strictObject({});

export const refuse = (reason: Refusal): Refused => ({ ok: false, reason });

export const refuseStale = (skewSeconds: number): Refused => ({
  ok: false,
  reason: 'stale-timestamp',
  skewSeconds,
});

/** The one value of a header; a header sent twice proves nothing. */
export const single = (
  { headers }: Pick<SignedRequest, 'headers'>,
  name: string,
): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
