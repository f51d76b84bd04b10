import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { github } from '../../src/signatures/github.ts';
import { type HmacOptions, hmac } from '../../src/signatures/hmac.ts';
import type { SignatureScheme } from '../../src/signatures/scheme.ts';
import { standardWebhooks } from '../../src/signatures/standard-webhooks.ts';
import { stripe } from '../../src/signatures/stripe.ts';
import { defaults } from './defaults.ts';

const seconds = 1_800_000_000;
const receivedAt = seconds * 1_000;
const body = Buffer.from('{"id":"evt_42","amount":100}');
const base64 = { ...defaults, encoding: 'base64', prefix: '' } as const;
const whsec = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

const digest = (key: string | Buffer, text: string, encoding: 'hex' | 'base64') =>
  createHmac('sha256', key).update(text).update(body).digest(encoding);

interface Signed {
  readonly scheme: SignatureScheme;
  readonly options: HmacOptions;
  readonly secret: string;
  readonly headers: Record<string, string>;
}

const signed: readonly Signed[] = [
  {
    scheme: github,
    options: defaults,
    secret: 'k',
    headers: { 'x-hub-signature-256': `sha256=${digest('k', '', 'hex')}` },
  },
  {
    scheme: stripe,
    options: defaults,
    secret: 'k',
    headers: { 'stripe-signature': `t=${seconds},v1=${digest('k', `${seconds}.`, 'hex')}` },
  },
  {
    scheme: standardWebhooks,
    options: defaults,
    secret: whsec,
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${digest(Buffer.alloc(32, 9), `msg_1.${seconds}.`, 'base64')}`,
    },
  },
  {
    scheme: hmac,
    options: defaults,
    secret: 'k',
    headers: { 'x-webhook-signature': `sha256=${digest('k', '', 'hex')}` },
  },
  {
    scheme: hmac,
    options: base64,
    secret: 'k',
    headers: { 'x-webhook-signature': digest('k', '', 'base64') },
  },
];

const verify = (
  { scheme, options, secret, headers }: Signed,
  changed: { rawBody?: Buffer; headers?: Record<string, string>; receivedAt?: number } = {},
  secrets: readonly string[] = [secret],
) =>
  scheme.verify(
    { rawBody: body, method: 'POST', target: '/in', headers, receivedAt, ...changed },
    secrets.map((text) => scheme.readSecret(text)),
    scheme === hmac ? options : scheme.options.parse({}),
  );

const replaceAt = (text: string, index: number, character: string) =>
  text.slice(0, index) + character + text.slice(index + 1);

describe.each(
  signed.map((each) => [`${each.scheme.name} in ${each.options.encoding}`, each] as const),
)('%s', (_, genuine) => {
  it('accepts the genuine request', () => {
    expect(verify(genuine).ok).toBe(true);
  });

  it('never accepts a changed body', () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const rawBody = Buffer.from(body);
        rawBody[at] = (rawBody[at] ?? 0) ^ mask;
        expect(verify(genuine, { rawBody }).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    expect(verify(genuine, { rawBody: body.subarray(1) }).ok).toBe(false);
    expect(verify(genuine, { rawBody: Buffer.alloc(0) }).ok).toBe(false);
  });

  it('never accepts a changed character in a header, except the case of hex digits', () => {
    const names = Object.keys(genuine.headers);
    const character = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), character, (name, at, replacement) => {
        const value = genuine.headers[name] ?? '';
        const index = at % value.length;
        fc.pre(value[index]?.toLowerCase() !== replacement.toLowerCase());
        const headers = { ...genuine.headers, [name]: replaceAt(value, index, replacement) };
        expect(verify(genuine, { headers }).ok).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never accepts noise in place of a header', () => {
    const names = Object.keys(genuine.headers);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ maxLength: 120 }), (name, value) => {
        const headers = { ...genuine.headers, [name]: value };
        expect(value === genuine.headers[name] || !verify(genuine, { headers }).ok).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('says what is missing', () => {
    for (const name of Object.keys(genuine.headers)) {
      const { [name]: _gone, ...headers } = genuine.headers;
      expect(verify(genuine, { headers })).toEqual({ ok: false, reason: 'missing-signature' });
    }
    expect(verify(genuine, {}, [])).toEqual({ ok: false, reason: 'no-secret' });
  });

  it('tries every secret and says which one matched', () => {
    const other = genuine.scheme === standardWebhooks ? `whsec_${'A'.repeat(32)}` : 'other';
    expect(verify(genuine, {}, [other, genuine.secret])).toMatchObject({ ok: true, secret: 1 });
    expect(verify(genuine, {}, [genuine.secret, genuine.secret])).toMatchObject({ secret: 0 });
    expect(verify(genuine, {}, [other, other])).toEqual({ ok: false, reason: 'no-match' });
  });

  it('has no empty secret', () => {
    expect(() => genuine.scheme.readSecret('')).toThrow();
  });
});
