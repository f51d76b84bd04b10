import { expect, it } from 'vitest';
import { signatureSchemes } from '../../src/signatures/index.ts';

/** A request as the sender's own code signs it, or its own description has it. */
interface Vector {
  /** What made the signature, or found it valid. */
  readonly by: string;
  readonly scheme: string;
  readonly options?: object;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly seconds?: number;
}

const seconds = 1_800_000_000;
const body = '{"id":"evt_1","event_id":"Ev1","text":"grüße 🎉"}';
const url = 'https://hooks.example.com/in';
const form = 'content-type';
const urlencoded = 'application/x-www-form-urlencoded';

const sendGridEvent = {
  email: 'hello@world.com',
  event: 'dropped',
  reason: 'Bounced Address',
  sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
  sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
  'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
  timestamp: 1_600_112_492,
};

const vectors: readonly Vector[] = [
  {
    by: '@slack/bolt 5.1.0',
    scheme: 'slack',
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    body,
    headers: {
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': 'v0=f21c545e7e05e35dcfc988366baa1bf2af8b317d16823c3dca51d74f567627f0',
    },
  },
  {
    by: '@linear/sdk 98.0.0',
    scheme: 'linear',
    secret: 'linear-secret',
    body: `{"type":"Issue","webhookTimestamp":${seconds}000}`,
    headers: {
      'linear-signature': '2307358f92f80ac71957d164e31472a254418c2e7ff60bd916cb8cfcfb10dbb5',
    },
  },
  {
    by: 'twilio 6.2.0, a form with a name that comes three times',
    scheme: 'twilio',
    options: { publicUrl: url },
    secret: 'twilio-token',
    target: '/elsewhere?tenant=7',
    body: 'To=%2B15550100&From=%2B15550199&Body=gr%C3%BC%C3%9Fe+%26+more&Media=b&Media=a&Media=b',
    headers: { [form]: urlencoded, 'x-twilio-signature': '5w/LMdji8u+tsNFEAMLkqBK63zg=' },
  },
  {
    by: 'twilio 6.2.0, JSON',
    scheme: 'twilio',
    options: { publicUrl: url },
    secret: 'twilio-token',
    target:
      '/in?tenant=7&bodySHA256=5b061351ee6454dbf7c8e5f420e296c1eac7ad0f50f9c501666ec1d584ecb79a',
    body,
    headers: { [form]: 'application/json', 'x-twilio-signature': 'La1zywOcNnrguIGM0WMpgvk2R/k=' },
  },
  {
    by: 'twilio 6.2.0, with a port that the URL was given without',
    scheme: 'twilio',
    options: { publicUrl: url },
    secret: 'twilio-token',
    body: 'A=1',
    headers: { [form]: urlencoded, 'x-twilio-signature': 'qHlWuRdBs0KX9JBL2Ks84deveKQ=' },
  },
  {
    by: 'discord-interactions 4.4.0',
    scheme: 'discord',
    secret: 'ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c',
    body,
    headers: {
      'x-signature-timestamp': String(seconds),
      'x-signature-ed25519':
        'd60bdfc338e6d2165e8d309d327db9954762d1cefb304e9e9bae30156bba02e5ed6e3ff5abd6b47b8dfa7c7b09d84f36a352e4eb7add296dbef41d8eb20dc10d',
    },
  },
  {
    by: '@shopify/shopify-api 13.1.0',
    scheme: 'shopify',
    secret: 'shopify-secret',
    body,
    headers: { 'x-shopify-hmac-sha256': 'nIvafrPHBqmq8OpTkshWQGcOxbDF6f2qavloeg2/xM8=' },
  },
  {
    by: '@notionhq/client 5.26.0',
    scheme: 'notion',
    secret: 'secret_notion',
    body,
    headers: {
      'x-notion-signature':
        'sha256=5b0f2600a8ced74f399955d7e2d5b2c5c7b0601336f13f0898d8e60ed8fd6180',
    },
  },
  {
    by: '@paddle/paddle-node-sdk 3.10.0',
    scheme: 'paddle',
    secret: 'paddle-secret',
    body,
    headers: {
      'paddle-signature': `ts=${seconds};h1=590c0139f2157b95d871cff8c9d721178ac09f6d4a3fc7a3b3b0643406edb46d`,
    },
  },
  {
    by: 'square 46.0.0',
    scheme: 'square',
    options: { publicUrl: url },
    secret: 'square-key',
    body,
    headers: { 'x-square-hmacsha256-signature': 'g2I6Wq7BDitrNKIjPUHPn5fdl5Gn5YLgmMoXxBPUBeo=' },
  },
  {
    by: '@hubspot/api-client 13.5.0',
    scheme: 'hubspot',
    options: { publicUrl: url },
    secret: 'hubspot-secret',
    target: '/in?a=b',
    body,
    headers: {
      'x-hubspot-request-timestamp': `${seconds}000`,
      'x-hubspot-signature-v3': '9xT+UKkb3AhCTrKkjTGkYeLtWyjTvuYBv4E+TrloMYk=',
    },
  },
  {
    by: 'the tests of @sendgrid/eventwebhook 8.0.0',
    scheme: 'sendgrid',
    secret:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
    body: `${JSON.stringify([sendGridEvent])}\r\n`,
    seconds: 1_600_112_502,
    headers: {
      'x-twilio-email-event-webhook-timestamp': '1600112502',
      'x-twilio-email-event-webhook-signature':
        'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
    },
  },
  {
    by: 'svix 1.99.1',
    scheme: 'standard-webhooks',
    secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
    body,
    headers: {
      'svix-id': 'msg_1',
      'svix-timestamp': String(seconds),
      'svix-signature': 'v1,zGh0wItJlWYFYYfnVMNycgkNSaxt/ZVyIQ0m9ERNTBQ=',
    },
  },
  {
    by: "Bitbucket's description",
    scheme: 'bitbucket',
    secret: "It's a Secret to Everybody",
    body: 'Hello World!',
    headers: {
      'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
    },
  },
];

it.each(vectors)('is accepted as $scheme has it: $by', (vector) => {
  const scheme = signatureSchemes.get(vector.scheme);
  const request = {
    rawBody: Buffer.from(vector.body),
    method: 'POST',
    target: vector.target ?? '/in',
    headers: vector.headers,
    receivedAt: (vector.seconds ?? seconds) * 1_000,
  };
  const verdict = scheme?.verify(
    request,
    [scheme.readSecret(vector.secret)],
    scheme.options.parse(vector.options ?? {}),
  );
  expect(verdict).toMatchObject({ ok: true });
});
