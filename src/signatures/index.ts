import { github } from './github.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';

/** Every way a sender may sign, by the name triggers use. */
export const signatureSchemes: ReadonlyMap<string, SignatureScheme> = new Map(
  [github, stripe, standardWebhooks, hmac].map((scheme) => [scheme.name, scheme]),
);
