import { createHmac, randomUUID } from 'node:crypto';
import type { Aviary } from './canaries.ts';

/** Not a secret: where it is not found, the search itself is at fault. */
export const marker = 'marker-that-everybody-may-see';
const hex = (secret: string | Buffer, text: string) =>
  createHmac('sha256', secret).update(text).digest('hex');
export const encrypt = (value: unknown) => ({ value, encrypt: true });

/** Everything of one life of the product that is or must be secret. */
export const plantAll = (aviary: Aviary) => {
  const { plant, plantKey } = aviary;
  const oldKey = plantKey('encryption-key-1');
  return {
    env: {
      TRIPLINE_JWT_SECRET: plant('jwt-secret'),
      TRIPLINE_JWT_PREVIOUS_SECRET: plant('jwt-previous-secret'),
      TRIPLINE_ENCRYPTION_KEYS: `1:${oldKey}`,
      TRIPLINE_LOG_LEVEL: 'trace',
    },
    bothKeys: `1:${oldKey},2:${plantKey('encryption-key-2')}`,
    params: {
      visible: marker,
      token: encrypt(plant('param')),
      deep: [{ list: [encrypt({ [plant('param-name')]: [plant('param-value')] })] }],
      replaced: encrypt(plant('param-replaced')),
    },
    changedParam: plant('param-changed'),
    hmac: plant('hmac'),
    generic: plant('generic-hmac'),
    stripe: `whsec_${plant('stripe')}`,
    github: plant('github'),
    formerGithub: plant('github-former'),
    standard: plantKey('standard-webhooks'),
    signing: `whsec_${plantKey('signing')}`,
    secondSigning: `whsec_${plantKey('signing-second')}`,
    draft: plant('draft'),
  };
};
export type Planted = ReturnType<typeof plantAll>;

/** What senders show on the way in and nobody keeps. */
export const credentials = (aviary: Aviary) => ({
  authorization: `Bearer ${aviary.plant('sender-authorization')}`,
  'proxy-authorization': `Basic ${aviary.plant('sender-proxy-authorization')}`,
  cookie: `session=${aviary.plant('sender-cookie')}`,
  'x-api-key': aviary.plant('sender-api-key'),
  'x-other-signature': aviary.plant('sender-other-signature'),
});

/** How deliveries are signed that the webhooks below trust. */
export const signatures = ({ hmac, generic, stripe, github, standard }: Planted, body: string) => {
  const seconds = Math.floor(Date.now() / 1_000);
  const id = randomUUID();
  const digest = createHmac('sha256', Buffer.from(standard, 'base64'))
    .update(`${id}.${seconds}.${body}`)
    .digest('base64');
  return {
    contract: { 'x-proof': `sha256=${hex(hmac, body)}` },
    generic: { 'x-mac': hex(generic, body) },
    stripe: { 'stripe-signature': `t=${seconds},v1=${hex(stripe, `${seconds}.${body}`)}` },
    github: { 'x-hub-signature-256': `sha256=${hex(github, body)}`, 'x-github-delivery': id },
    standard: {
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${digest}`,
    },
  };
};
export const proofs = [
  'x-proof',
  'x-mac',
  'stripe-signature',
  'x-hub-signature-256',
  'webhook-signature',
];

export const webhooksOf = (planted: Planted) => ({
  contract: { hmac: { secret: encrypt(planted.hmac), header: 'X-Proof' } },
  generic: { signature: { scheme: 'hmac', secrets: [planted.generic], header: 'X-Mac' } },
  stripe: { signature: { scheme: 'stripe', secrets: [planted.stripe] } },
  github: {
    signature: { scheme: 'github', secrets: [planted.github, encrypt(planted.formerGithub)] },
  },
  standard: {
    signature: { scheme: 'standard-webhooks', secrets: [`whsec_${planted.standard}`] },
  },
});
