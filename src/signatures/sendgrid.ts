import { createPublicKey, type KeyObject } from 'node:crypto';
import { TriplineError } from '../domain/errors.ts';
import type { SignatureScheme } from './scheme.ts';
import { timedKey } from './timed-key.ts';
import type { Tolerance } from './timestamp.ts';

const isP256 = ({ asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyDetails?.namedCurve === 'prime256v1';

const readKey = (text: string): KeyObject => {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    if (isP256(key)) return key;
  } catch {
    // What is no key is refused below like a key of another kind.
  }
  throw new TriplineError(
    'validation-failed',
    'a SendGrid verification key is base64 of a public key on the curve P-256',
  );
};

/** DER of two numbers below 2^256. */
const read = (text: string): Buffer | undefined => {
  const signature = Buffer.from(text, 'base64');
  const isOne = signature.length >= 8 && signature.length <= 72;
  return isOne && signature.toString('base64') === text ? signature : undefined;
};

/** SendGrid (event webhook): ECDSA over SHA-256 of time and body. */
export const sendGrid: SignatureScheme<Tolerance> = timedKey({
  name: 'sendgrid',
  evidence: 'sender',
  signature: 'x-twilio-email-event-webhook-signature',
  timestamp: 'x-twilio-email-event-webhook-timestamp',
  read,
  readKey,
  algorithm: 'sha256',
  // Whoever has (r, s) has (r, -s) too, which is as valid: only the first number is nobody else's.
  lasting: (signature) => signature.subarray(4, 4 + signature.readUInt8(3)),
});
