import { isTriplineError } from '../domain/errors.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { Json } from '../domain/json.ts';
import type { KeyRing } from './key-ring.ts';

const opened = (
  keyRing: KeyRing,
  sealed: Sealed,
  context: readonly string[],
): { readonly plaintext: Json } | undefined => {
  try {
    return { plaintext: keyRing.open(sealed, context) };
  } catch (error) {
    if (isTriplineError(error, 'secret-unreadable')) return undefined;
    throw error;
  }
};

/** The same secret under the newest key; itself where it is that already or cannot be read. */
export const reseal = (keyRing: KeyRing, sealed: Sealed, context: readonly string[]): Sealed => {
  if (sealed.keyVersion === keyRing.newest) return sealed;
  const secret = opened(keyRing, sealed, context);
  return secret === undefined ? sealed : keyRing.seal(secret.plaintext, context);
};
