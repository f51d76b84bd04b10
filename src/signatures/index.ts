import { type Catalogue, createCatalogue } from '../domain/catalogue.ts';
import { asana } from './asana.ts';
import { bitbucket } from './bitbucket.ts';
import { discord } from './discord.ts';
import { dropbox } from './dropbox.ts';
import { github } from './github.ts';
import { gitlabSigning } from './gitlab-signing.ts';
import { gitlabToken } from './gitlab-token.ts';
import { hmac } from './hmac.ts';
import { hubSpot } from './hubspot.ts';
import { intercom } from './intercom.ts';
import { linear } from './linear.ts';
import { meta } from './meta.ts';
import { notion } from './notion.ts';
import { paddle } from './paddle.ts';
import { pagerDuty } from './pagerduty.ts';
import type { SignatureScheme } from './scheme.ts';
import { sendGrid } from './sendgrid.ts';
import { sentry } from './sentry.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { square } from './square.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';
import { twitch } from './twitch.ts';
import { typeform } from './typeform.ts';
import { vercel } from './vercel.ts';
import { zendesk } from './zendesk.ts';
import { zoom } from './zoom.ts';

/** Every way a sender may sign that is built in. */
const builtIn: readonly SignatureScheme[] = [
  github,
  stripe,
  standardWebhooks,
  hmac,
  asana,
  bitbucket,
  discord,
  dropbox,
  gitlabSigning,
  gitlabToken,
  hubSpot,
  intercom,
  linear,
  meta,
  notion,
  paddle,
  pagerDuty,
  sendGrid,
  sentry,
  shopify,
  slack,
  square,
  twilio,
  twitch,
  typeform,
  vercel,
  zendesk,
  zoom,
];

/** Schemes by the name triggers use. */
export type SignatureSchemes = ReadonlyMap<string, SignatureScheme>;

export const createSignatureSchemes = (): Catalogue<SignatureScheme> =>
  createCatalogue(({ name }) => name, builtIn);

export const signatureSchemes: SignatureSchemes = createSignatureSchemes().known;
