import { type Catalogue, createCatalogue } from '../domain/catalogue.ts';
import { github } from './github.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';

/** Every way a sender may sign that is built in. */
const builtIn: readonly SignatureScheme[] = [github, stripe, standardWebhooks, hmac];

/** Schemes by the name triggers use. */
export type SignatureSchemes = ReadonlyMap<string, SignatureScheme>;

export const createSignatureSchemes = (): Catalogue<SignatureScheme> =>
  createCatalogue(({ name }) => name, builtIn);

export const signatureSchemes: SignatureSchemes = createSignatureSchemes().known;
