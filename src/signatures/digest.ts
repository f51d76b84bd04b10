import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { TriplineError } from '../domain/errors.ts';

/** A shared secret as the sender has it: its UTF-8 bytes are the key. */
export const textSecret = (text: string): KeyObject => {
  if (text === '')
    throw new TriplineError('validation-failed', 'a signing secret must not be empty');
  return createSecretKey(text, 'utf8');
};

/** False at once for different lengths, which are no secret; else in constant time. */
export const equal = (left: Buffer, right: Buffer): boolean =>
  left.length === right.length && timingSafeEqual(left, right);

/** The first secret that matches, found without leaving early; -1 for none. */
export const whichMatches = (
  secrets: readonly KeyObject[],
  matches: (secret: KeyObject) => boolean,
): number => {
  let found = -1;
  for (const [index, secret] of secrets.entries()) {
    const matched = matches(secret);
    if (matched && found < 0) found = index;
  }
  return found;
};
