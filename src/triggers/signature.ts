import { z } from 'zod';
import { Secret } from './secret.ts';

/** The newest secret first; several at once while senders change over. */
const secrets = z
  .array(Secret, 'must be a list of secrets')
  .min(1, 'must hold at least one secret')
  .max(10, 'must hold at most 10 secrets');

/** How deliveries are signed. What else there is to say about it only the scheme itself knows. */
export const Signature = z.looseObject({
  scheme: z.string('must name a signature scheme'),
  secrets,
});
