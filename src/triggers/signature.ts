import { z } from 'zod';
import { Secret } from './secret.ts';
import { HeaderName } from './selector.ts';

/** The newest secret first; several at once while senders change over. */
const secrets = z
  .array(Secret, 'must be a list of secrets')
  .min(1, 'must hold at least one secret')
  .max(10, 'must hold at most 10 secrets');

/** How deliveries are signed; schemes that fix the details leave nothing to say about them. */
export const Signature = z.discriminatedUnion(
  'scheme',
  [
    z.strictObject({ scheme: z.enum(['github', 'stripe', 'standard-webhooks']), secrets }),
    z.strictObject({
      scheme: z.literal('hmac'),
      secrets,
      header: HeaderName,
      algorithm: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).default('sha256'),
      encoding: z.enum(['hex', 'base64']).default('hex'),
      /** Stands before the digest, as in `sha256=`. */
      prefix: z
        .string('must be a string')
        .max(64, 'must be at most 64 characters long')
        .default(''),
    }),
  ],
  { error: 'must name a scheme: github, stripe, standard-webhooks or hmac' },
);
