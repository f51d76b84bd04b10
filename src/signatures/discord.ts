import { TriplineError } from '../domain/errors.ts';
import { digestIn } from './digest.ts';
import { ed25519Key } from './public-key.ts';
import type { SignatureScheme } from './scheme.ts';
import { timedKey } from './timed-key.ts';
import type { Tolerance } from './timestamp.ts';

/** Discord: Ed25519 of time and body, in hex like the application's public key. */
export const discord: SignatureScheme<Tolerance> = timedKey({
  name: 'discord',
  evidence: 'sender',
  signature: 'x-signature-ed25519',
  timestamp: 'x-signature-timestamp',
  read: (text) => digestIn(text, 'hex', 64),
  readKey: (text) => {
    const bytes = digestIn(text.toLowerCase(), 'hex', 32);
    if (bytes !== undefined) return ed25519Key(bytes);
    throw new TriplineError(
      'validation-failed',
      "a Discord application's public key is 64 hexadecimal digits",
    );
  },
  algorithm: null,
  lasting: (signature) => signature,
});
