import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { TriplineError } from '../domain/errors.ts';

/** A shared secret as the sender has it: its UTF-8 bytes are the key. */
export const textSecret = (text: string): KeyObject => {
  if (text === '')
    throw new TriplineError('validation-failed', 'a signing secret must not be empty');
  return createSecretKey(text, 'utf8');
};

export const digestBytes = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

/** The bytes, where there are so many. Only the canonical spelling counts: Buffer would also read what a sender never writes. */
export const digestIn = (
  text: string,
  encoding: 'hex' | 'base64',
  length: number,
): Buffer | undefined => {
  const digest = Buffer.from(text, encoding);
  return digest.length === length && digest.toString(encoding) === text ? digest : undefined;
};

/** False at once for different lengths, which are no secret; else in constant time. */
export const equal = (left: Buffer, right: Buffer): boolean =>
  left.length === right.length && timingSafeEqual(left, right);

/** The first candidate that matches, found without leaving early; -1 for none. */
export const whichMatches = <Candidate>(
  candidates: readonly Candidate[],
  matches: (candidate: Candidate) => boolean,
): number => {
  let found = -1;
  for (const [index, candidate] of candidates.entries()) {
    const matched = matches(candidate);
    if (matched && found < 0) found = index;
  }
  return found;
};
