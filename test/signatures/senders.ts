import { createHmac, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import type { SignedRequest } from '../../src/signatures/scheme.ts';

type Headers = Readonly<Record<string, string>>;

/** How one sender signs, told once more without a line of what checks it. */
export interface Sender {
  readonly scheme: string;
  readonly options?: object;
  readonly secret: string;
  /** Another that could be this sender's. */
  readonly other: string;
  readonly body: string;
  readonly target?: string;
  /** All headers that have to be there; signed with that secret at that second. */
  readonly headers: (body: Buffer, seconds: number, secret: string) => Headers;
  /** What it sends beside. */
  readonly more?: Headers;
  /** Of the headers above: names of those that carry proof. */
  readonly proofs: readonly string[];
  /** Seconds that a signed time may be off unless the trigger says otherwise; null: any. */
  readonly tolerance?: number | null;
  /** What the body is at a second, of senders that put the time into it. */
  readonly timed?: (seconds: number) => string;
  /** How a delivery is called; `fallback`: by its signed time and what it is. */
  readonly id: string | null;
  /** Whether the header is a list, so that it may come in parts. */
  readonly isList?: boolean;
  /** Whether digits of a digest may be upper-case. */
  readonly anyCase?: boolean;
}

const url = 'https://hooks.example.com/in';
const json = '{"id":"evt-1","event_id":"Ev-1","event":{"id":"pd-1"},"text":"grüße"}';

const mac = (
  algorithm: string,
  key: string | Buffer,
  encoding: 'hex' | 'base64',
  ...parts: (string | Buffer)[]
) => {
  const digest = createHmac(algorithm, key);
  for (const part of parts) digest.update(part);
  return digest.digest(encoding);
};

const shared = { secret: 'k-new', other: 'k-old', body: json };

/** Those that sign the raw body and nothing else. */
const ofBody = (
  scheme: string,
  header: string,
  algorithm: string,
  encoding: 'hex' | 'base64',
  prefix = '',
  more: Pick<Sender, 'more' | 'id'> = { id: null },
): Sender => ({
  ...shared,
  scheme,
  headers: (body, _, secret) => ({ [header]: prefix + mac(algorithm, secret, encoding, body) }),
  proofs: [header],
  ...more,
});

const inHeader = (name: string): Pick<Sender, 'more' | 'id'> => ({
  more: { [name]: 'd-1' },
  id: 'd-1',
});

const bodies: readonly Sender[] = [
  ofBody(
    'github',
    'x-hub-signature-256',
    'sha256',
    'hex',
    'sha256=',
    inHeader('x-github-delivery'),
  ),
  ofBody(
    'shopify',
    'x-shopify-hmac-sha256',
    'sha256',
    'base64',
    '',
    inHeader('x-shopify-webhook-id'),
  ),
  ofBody('shopify', 'shopify-hmac-sha256', 'sha256', 'base64', '', inHeader('shopify-webhook-id')),
  ofBody('meta', 'x-hub-signature-256', 'sha256', 'hex', 'sha256='),
  ofBody('bitbucket', 'x-hub-signature', 'sha256', 'hex', 'sha256=', inHeader('x-request-uuid')),
  ofBody('dropbox', 'x-dropbox-signature', 'sha256', 'hex'),
  ofBody('notion', 'x-notion-signature', 'sha256', 'hex', 'sha256=', { id: 'evt-1' }),
  ofBody('sentry', 'sentry-hook-signature', 'sha256', 'hex', '', inHeader('request-id')),
  ofBody('typeform', 'typeform-signature', 'sha256', 'base64', 'sha256=', { id: 'Ev-1' }),
  ofBody('asana', 'x-hook-signature', 'sha256', 'hex'),
  ofBody('intercom', 'x-hub-signature', 'sha1', 'hex', 'sha1=', { id: 'evt-1' }),
  ofBody('vercel', 'x-vercel-signature', 'sha1', 'hex', '', { id: 'evt-1' }),
  {
    ...ofBody('pagerduty', 'x-pagerduty-signature', 'sha256', 'hex', 'v1=', { id: 'pd-1' }),
    isList: true,
  },
  {
    ...ofBody('hmac', 'x-sig', 'sha512', 'hex', 'mac='),
    options: { header: 'X-Sig', algorithm: 'sha512', prefix: 'mac=' },
    anyCase: true,
  },
  {
    ...ofBody('hmac', 'x-sig', 'sha384', 'base64'),
    options: { header: 'X-Sig', algorithm: 'sha384', encoding: 'base64' },
  },
  {
    ...shared,
    scheme: 'linear',
    timed: (seconds) => `{"type":"Issue","webhookTimestamp":${seconds}000}`,
    headers: (body, _, secret) => ({ 'linear-signature': mac('sha256', secret, 'hex', body) }),
    more: { 'linear-delivery': 'd-1', 'linear-timestamp': '1' },
    proofs: ['linear-signature'],
    tolerance: 60,
    id: 'd-1',
  },
  {
    ...shared,
    scheme: 'linear',
    timed: (seconds) => `{"type":"Issue","webhookTimestamp":${seconds}000}`,
    headers: (body, _, secret) => ({ 'linear-signature': mac('sha256', secret, 'hex', body) }),
    proofs: ['linear-signature'],
    tolerance: 60,
    id: 'fallback',
  },
];

/** Those that sign a time beside it. */
const timed: readonly Sender[] = [
  {
    ...shared,
    scheme: 'stripe',
    headers: (body, t, secret) => ({
      'stripe-signature': `t=${t},v1=${mac('sha256', secret, 'hex', `${t}.`, body)}`,
    }),
    proofs: ['stripe-signature'],
    tolerance: 300,
    id: 'evt-1',
  },
  {
    ...shared,
    scheme: 'stripe',
    body: '{"object":"event"}',
    headers: (body, t, secret) => ({
      'stripe-signature': `t=${t},v1=${mac('sha256', secret, 'hex', `${t}.`, body)}`,
    }),
    proofs: ['stripe-signature'],
    tolerance: 300,
    id: 'fallback',
  },
  {
    ...shared,
    scheme: 'paddle',
    headers: (body, t, secret) => ({
      'paddle-signature': `ts=${t};h1=${mac('sha256', secret, 'hex', `${t}:`, body)}`,
    }),
    proofs: ['paddle-signature'],
    tolerance: 5,
    id: 'Ev-1',
  },
  ...(['{"event_id":"Ev-1"}', 'command=%2Fdeploy&text=all'] as const).map(
    (body): Sender => ({
      ...shared,
      body,
      scheme: 'slack',
      headers: (sent, t, secret) => ({
        'x-slack-request-timestamp': String(t),
        'x-slack-signature': `v0=${mac('sha256', secret, 'hex', `v0:${t}:`, sent)}`,
      }),
      proofs: ['x-slack-signature'],
      tolerance: 300,
      id: body.startsWith('{') ? 'Ev-1' : 'fallback',
    }),
  ),
  {
    ...shared,
    scheme: 'zoom',
    headers: (body, t, secret) => ({
      'x-zm-request-timestamp': String(t),
      'x-zm-signature': `v0=${mac('sha256', secret, 'hex', `v0:${t}:`, body)}`,
    }),
    proofs: ['x-zm-signature'],
    tolerance: null,
    id: 'fallback',
  },
  {
    ...shared,
    scheme: 'zendesk',
    headers: (body, t, secret) => {
      const time = new Date(t * 1_000).toISOString().replace('.000', '');
      return {
        'x-zendesk-webhook-signature-timestamp': time,
        'x-zendesk-webhook-signature': mac('sha256', secret, 'base64', time, body),
      };
    },
    proofs: ['x-zendesk-webhook-signature'],
    tolerance: null,
    id: 'fallback',
  },
  {
    ...shared,
    scheme: 'twitch',
    headers: (body, t, secret) => {
      const time = new Date(t * 1_000).toISOString().replace('.000', '.634234626');
      return {
        'twitch-eventsub-message-id': 'msg-1',
        'twitch-eventsub-message-timestamp': time,
        'twitch-eventsub-message-signature': `sha256=${mac('sha256', secret, 'hex', 'msg-1', time, body)}`,
      };
    },
    proofs: ['twitch-eventsub-message-signature'],
    tolerance: 600,
    id: 'msg-1',
  },
  {
    ...shared,
    scheme: 'hubspot',
    options: { publicUrl: url },
    target: '/workspace/acme/api/v1/webhook/in?a=b',
    headers: (body, t, secret) => ({
      'x-hubspot-request-timestamp': `${t}000`,
      'x-hubspot-signature-v3': mac('sha256', secret, 'base64', `POST${url}?a=b`, body, `${t}000`),
    }),
    proofs: ['x-hubspot-signature-v3'],
    tolerance: 300,
    id: 'fallback',
  },
  {
    ...shared,
    scheme: 'hmac',
    options: { header: 'X-Sig', signedText: '{timestamp}{body}', timestampHeader: 'X-Time' },
    headers: (body, t, secret) => ({
      'x-time': String(t),
      'x-sig': mac('sha256', secret, 'hex', String(t), body),
    }),
    proofs: ['x-sig'],
    tolerance: 300,
    id: 'fallback',
    anyCase: true,
  },
  {
    ...shared,
    scheme: 'hmac',
    options: {
      header: 'X-Sig',
      encoding: 'base64',
      signedText: '{id}|{timestamp}|{body}',
      timestampHeader: 'X-Time',
      idHeader: 'X-Id',
    },
    headers: (body, t, secret) => ({
      'x-id': 'm-1',
      'x-time': String(t),
      'x-sig': mac('sha256', secret, 'base64', `m-1|${t}|`, body),
    }),
    proofs: ['x-sig'],
    tolerance: 300,
    id: 'm-1',
  },
];

const whsec = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;

const standard = (scheme: string, family: string): Sender => ({
  scheme,
  secret: whsec(9),
  other: whsec(8),
  body: json,
  headers: (body, t, secret) => ({
    [`${family}-id`]: 'msg_1',
    [`${family}-timestamp`]: String(t),
    [`${family}-signature`]: `v1,${mac('sha256', Buffer.from(secret.slice(6), 'base64'), 'base64', `msg_1.${t}.`, body)}`,
  }),
  proofs: [`${family}-signature`],
  tolerance: 300,
  id: 'msg_1',
  isList: true,
});

/** Keys are told apart by their public halves, which is what a trigger is given. */
const pairs = new Map<string, KeyObject>();
const publicHalf = (
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  written: (der: Buffer) => string,
): string => {
  const text = written(publicKey.export({ format: 'der', type: 'spki' }));
  pairs.set(text, privateKey);
  return text;
};
const signedBy = (key: string, algorithm: string | null, body: Buffer, ...before: string[]) => {
  const privateKey = pairs.get(key);
  if (!privateKey) throw new Error(`nobody has ${key}`);
  return sign(algorithm, Buffer.concat([Buffer.from(before.join('')), body]), privateKey);
};
const inHex = (der: Buffer) => der.subarray(-32).toString('hex');
const asWhpk = (der: Buffer) => `whpk_${der.subarray(-32).toString('base64')}`;
const inBase64 = (der: Buffer) => der.toString('base64');
const edwards = () => generateKeyPairSync('ed25519');
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

const byKey: readonly Sender[] = [
  {
    scheme: 'discord',
    secret: publicHalf(edwards(), inHex),
    other: publicHalf(edwards(), inHex),
    body: json,
    headers: (body, t, key) => ({
      'x-signature-timestamp': String(t),
      'x-signature-ed25519': signedBy(key, null, body, String(t)).toString('hex'),
    }),
    proofs: ['x-signature-ed25519'],
    tolerance: null,
    id: 'fallback',
  },
  {
    scheme: 'sendgrid',
    secret: publicHalf(p256(), inBase64),
    other: publicHalf(p256(), inBase64),
    body: '[{"sg_event_id":"a"}]\r\n',
    headers: (body, t, key) => ({
      'x-twilio-email-event-webhook-timestamp': String(t),
      'x-twilio-email-event-webhook-signature': signedBy(key, 'sha256', body, String(t)).toString(
        'base64',
      ),
    }),
    proofs: ['x-twilio-email-event-webhook-signature'],
    tolerance: null,
    id: 'fallback',
  },
  {
    ...standard('standard-webhooks', 'webhook'),
    secret: publicHalf(edwards(), asWhpk),
    other: publicHalf(edwards(), asWhpk),
    headers: (body, t, key) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(t),
      'webhook-signature': `v1a,${signedBy(key, null, body, `msg_1.${t}.`).toString('base64')}`,
    }),
  },
];

/** Those that sign where they send to. */
const byUrl: readonly Sender[] = [
  {
    ...shared,
    scheme: 'square',
    options: { publicUrl: url },
    headers: (body, _, secret) => ({
      'x-square-hmacsha256-signature': mac('sha256', secret, 'base64', url, body),
    }),
    proofs: ['x-square-hmacsha256-signature'],
    id: 'Ev-1',
  },
  {
    ...shared,
    scheme: 'twilio',
    options: { publicUrl: url },
    body: 'To=%2015550100&From=%2015550199&Body=a+b',
    target: '/anywhere?tenant=7',
    headers: (body, _, secret) => {
      const names = [...new URLSearchParams(body.toString())].map(([name, value]) => name + value);
      return {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': mac('sha1', secret, 'base64', `${url}?tenant=7`, ...names.sort()),
      };
    },
    more: { 'i-twilio-idempotency-token': 'd-1' },
    proofs: ['x-twilio-signature'],
    id: 'd-1',
  },
  {
    ...shared,
    scheme: 'twilio',
    options: { publicUrl: url },
    target: `/anywhere?bodySHA256=${hash('sha256', json)}`,
    headers: (body, _, secret) => ({
      'x-twilio-signature': mac(
        'sha1',
        secret,
        'base64',
        `${url}?bodySHA256=${hash('sha256', body)}`,
      ),
    }),
    proofs: ['x-twilio-signature'],
    id: null,
  },
];

const token: Sender = {
  ...shared,
  scheme: 'gitlab-token',
  headers: (_, __, secret) => ({ 'x-gitlab-token': secret }),
  more: { 'idempotency-key': 'd-1' },
  proofs: ['x-gitlab-token'],
  id: 'd-1',
};

export const senders: readonly Sender[] = [
  ...bodies,
  ...timed,
  standard('standard-webhooks', 'webhook'),
  standard('standard-webhooks', 'svix'),
  standard('gitlab-signing', 'webhook'),
  ...byKey,
  ...byUrl,
  token,
];

/** The first secret that could be in use, and a whole request of that sender at that second. */
export const requestOf = (
  sender: Sender,
  seconds: number,
  secret = sender.secret,
): SignedRequest => {
  const rawBody = Buffer.from(sender.timed?.(seconds) ?? sender.body);
  return {
    rawBody,
    method: 'POST',
    target: sender.target ?? '/workspace/acme/api/v1/webhook/in',
    headers: { ...sender.more, ...sender.headers(rawBody, seconds, secret) },
    receivedAt: seconds * 1_000,
  };
};
