import { hash } from 'node:crypto';
import { jsonIn } from '../domain/json-body.ts';
import { pointedAt } from '../domain/json-pointer.ts';
import { type SignedRequest, single } from './scheme.ts';

/** Where a sender says which delivery this is: in the first of these headers that is there, or in the body. */
export type SendersId =
  | { readonly headers: readonly string[] }
  | { readonly pointer: string }
  | undefined;

/** What a JSON body has there, whatever its signature is of. */
export const memberIn = (
  { rawBody, unpacked = rawBody }: SignedRequest,
  pointer: string,
): unknown => pointedAt(JSON.parse(jsonIn(unpacked.toString('utf8')) ?? 'null'), pointer);

const textOr = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Asked once the request is known to be the sender's. */
export const sendersId = (id: SendersId, request: SignedRequest): string | null => {
  if (id === undefined) return null;
  if ('pointer' in id) return textOr(memberIn(request, id.pointer));
  const name = id.headers.find((header) => single(request, header) !== undefined);
  return name === undefined ? null : (single(request, name) ?? null);
};

/** Headers are signed by nobody; what is in the body is. */
export const isSigned = (id: SendersId): boolean => id === undefined || 'pointer' in id;

/**
 * Of a delivery that has no id, but a signed time: the same for the same bytes at the same time, so
 * that what was captured is known when it comes again. `mac` is what only who has the secret can make
 * of them; it is hashed, since a proof is never stored, and no guess at a body can be tried on it.
 */
export const fallbackId = (timestamp: string, mac: Buffer): string =>
  `${timestamp}.${hash('sha256', mac, 'hex')}`;
