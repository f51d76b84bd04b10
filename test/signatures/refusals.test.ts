import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { whichMatches } from '../../src/signatures/digest.ts';
import { signatureSchemes } from '../../src/signatures/index.ts';
import type { SignedRequest, Verdict } from '../../src/signatures/scheme.ts';
import { defaults } from './defaults.ts';

const seconds = 1_800_000_000;
const rawBody = Buffer.from('{"id":"evt_1"}');
const bytes = Buffer.alloc(32, 5);
const whsec = `whsec_${bytes.toString('base64')}`;
const base64 = { ...defaults, encoding: 'base64', prefix: '' } as const;

const schemeOf = (name: string) => {
  const scheme = signatureSchemes.get(name);
  if (!scheme) throw new Error(`no scheme ${name}`);
  return scheme;
};

const verdictOf = (
  name: string,
  headers: SignedRequest['headers'],
  { options, secret = 'k', body = rawBody }: Partial<Asked> = {},
): Verdict =>
  schemeOf(name).verify(
    { rawBody: body, method: 'POST', target: '/in', headers, receivedAt: seconds * 1_000 },
    [schemeOf(name).readSecret(secret)],
    options ?? schemeOf(name).options.parse({}),
  );

interface Asked {
  readonly options: object;
  readonly secret: string;
  readonly body: Buffer;
}

const reasonOf = (verdict: Verdict) => (verdict.ok ? 'ok' : verdict.reason);

const macOf = (key: string | Buffer, signed: string, encoding: 'hex' | 'base64', body = rawBody) =>
  createHmac('sha256', key).update(signed).update(body).digest(encoding);

const hex = macOf('k', '', 'hex');
const wrong = 'ab'.repeat(32);
const byTime = expect.stringMatching(new RegExp(`^${seconds}\\.[0-9a-f]{64}$`));
const stripeMac = macOf('k', `${seconds}.`, 'hex');
const standardMac = macOf(bytes, `m.${seconds}.`, 'base64');

describe('what GitHub sends', () => {
  it.each([
    [`sha256=${hex}`, 'ok'],
    [`sha256=${wrong}`, 'no-match'],
    [hex, 'malformed-signature'],
    [`sha1=${hex}`, 'malformed-signature'],
    [`sha256=${hex.slice(2)}`, 'malformed-signature'],
    [`sha256=${hex}00`, 'malformed-signature'],
    [`sha256=${hex.toUpperCase()}`, 'malformed-signature'],
    ['', 'missing-signature'],
    [[`sha256=${hex}`], 'missing-signature'],
  ])('in its header, %j, is %s', (header, reason) => {
    expect(reasonOf(verdictOf('github', { 'x-hub-signature-256': header }))).toBe(reason);
  });
});

describe('what Stripe sends', () => {
  it.each([
    [`t=${seconds},v1=${stripeMac}`, 'ok'],
    [`v1=${stripeMac},t=${seconds}`, 'ok'],
    // While a secret is rolled there is a signature for each of the two.
    [`t=${seconds},v1=${wrong},v1=${stripeMac}`, 'ok'],
    [`t=${seconds},v1=${stripeMac},v1=${wrong}`, 'ok'],
    [`t=${seconds},v0=${stripeMac},v1=${wrong}`, 'no-match'],
    [`t=${seconds},v0=${stripeMac}`, 'malformed-signature'],
    [`t=${seconds}`, 'malformed-signature'],
    [`v1=${stripeMac}`, 'malformed-signature'],
    [`t=${seconds},t=${seconds},v1=${stripeMac}`, 'malformed-signature'],
    [`t=${seconds},v1=${stripeMac.toUpperCase()}`, 'malformed-signature'],
    [`t=${seconds},v1=${stripeMac}ab`, 'malformed-signature'],
    [`t=${seconds},v1`, 'malformed-signature'],
    [`t,v1=${stripeMac}`, 'malformed-signature'],
    ['t=soon,v1=', 'malformed-signature'],
    ['', 'missing-signature'],
  ])('in its header, %s, is %s', (header, reason) => {
    expect(reasonOf(verdictOf('stripe', { 'stripe-signature': header }))).toBe(reason);
  });

  it.each([
    ['{"id":"evt_1"}', 'evt_1'],
    ['{"id":""}', byTime],
    ['{"id":7}', byTime],
    ['{}', byTime],
    ['null', byTime],
    ['"evt_1"', byTime],
    ['[]', byTime],
    ['{"id":', byTime],
  ])('in its body, %s, is called %s', (text, deliveryId) => {
    const body = Buffer.from(text);
    const header = `t=${seconds},v1=${macOf('k', `${seconds}.`, 'hex', body)}`;
    expect(verdictOf('stripe', { 'stripe-signature': header }, { body })).toEqual({
      ok: true,
      secret: 0,
      deliveryId,
    });
  });
});

describe('what a Standard Webhooks sender sends', () => {
  const headersOf = (signature: string, more: SignedRequest['headers'] = {}) => ({
    'webhook-id': 'm',
    'webhook-timestamp': String(seconds),
    'webhook-signature': signature,
    ...more,
  });

  it.each([
    [`v1,${standardMac}`, 'ok'],
    [`v1,AAAA v1,${standardMac}`, 'ok'],
    [`v1,${standardMac} v1,AAAA`, 'ok'],
    [`nonsense v1,${standardMac}`, 'ok'],
    ['v1,AAAA', 'no-match'],
    [`v2,${standardMac}`, 'no-match'],
    [`v1a,${standardMac}`, 'no-match'],
    [standardMac, 'malformed-signature'],
    ['v1', 'malformed-signature'],
    ['v1,', 'malformed-signature'],
    [`,${standardMac}`, 'malformed-signature'],
    [`v1,${standardMac.replace('=', '')}`, 'malformed-signature'],
    [`v1,${standardMac}=`, 'malformed-signature'],
    ['v1,AB==', 'malformed-signature'],
  ])('as signatures, %s, is %s', (signature, reason) => {
    const verdict = verdictOf('standard-webhooks', headersOf(signature), { secret: whsec });
    expect(reasonOf(verdict)).toBe(reason);
  });

  it('is whole in one family of headers; half of each is nothing', () => {
    const { 'webhook-id': id, ...rest } = headersOf(`v1,${standardMac}`);
    const verdict = verdictOf('standard-webhooks', { ...rest, 'svix-id': id }, { secret: whsec });
    expect(reasonOf(verdict)).toBe('missing-signature');
  });

  it('has an id without a dot, which could be moved into the time', () => {
    const dotted = macOf(bytes, `m.1.${seconds}.`, 'base64');
    const headers = headersOf(`v1,${dotted}`, { 'webhook-id': 'm.1' });
    const verdict = verdictOf('standard-webhooks', headers, { secret: whsec });
    expect(reasonOf(verdict)).toBe('malformed-signature');
  });

  it('may be signed with several public keys at once', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const message = Buffer.concat([Buffer.from(`m.${seconds}.`), rawBody]);
    const genuine = `v1a,${sign(null, message, privateKey).toString('base64')}`;
    const other = `v1a,${Buffer.alloc(64, 1).toString('base64')}`;
    for (const signature of [`${genuine} ${other}`, `${other} ${genuine}`]) {
      const secret = `whpk_${raw.toString('base64')}`;
      const verdict = verdictOf('standard-webhooks', headersOf(signature), { secret });
      expect(reasonOf(verdict)).toBe('ok');
    }
  });

  it.each([
    [24, true],
    [64, true],
    [23, false],
    [65, false],
  ])('is signed with a secret of %i bytes: %s', (length, usable) => {
    const text = `whsec_${Buffer.alloc(length, 1).toString('base64')}`;
    const read = () => schemeOf('standard-webhooks').readSecret(text);
    if (usable) expect(read().symmetricKeySize).toBe(length);
    else expect(read).toThrow('Standard Webhooks');
  });

  it.each([`${whsec}!`, `AAAA${whsec}`, `${whsec}=`, whsec.slice(0, -1), ` ${whsec}`])(
    'is not signed with %j',
    (text) => {
      expect(() => schemeOf('standard-webhooks').readSecret(text)).toThrow('Standard Webhooks');
    },
  );
});

describe('what any other sender sends', () => {
  const inBase64 = macOf('k', '', 'base64');

  it.each([
    ['hex', `sha256=${hex}`, 'ok'],
    ['hex', `sha256=${hex.toUpperCase()}`, 'ok'],
    ['hex', hex, 'malformed-signature'],
    ['hex', `sha256=${hex}zz`, 'malformed-signature'],
    ['hex', `sha256=${hex}0`, 'malformed-signature'],
    ['hex', `sha256=${hex.slice(2)}`, 'malformed-signature'],
    ['hex', 'sha256=', 'malformed-signature'],
    ['hex', `sha256=${wrong}`, 'no-match'],
    ['base64', inBase64, 'ok'],
    ['base64', inBase64.replace('=', ''), 'malformed-signature'],
    ['base64', `${inBase64}\n`, 'malformed-signature'],
    ['base64', inBase64.slice(4), 'malformed-signature'],
    ['base64', bytes.toString('base64'), 'no-match'],
    ['base64', '', 'missing-signature'],
  ])('in %s, %j, is %s', (encoding, header, reason) => {
    const options = encoding === 'hex' ? defaults : base64;
    const verdict = verdictOf('hmac', { 'x-webhook-signature': header }, { options });
    expect(reasonOf(verdict)).toBe(reason);
  });
});

it.each([
  ['github', ['x-hub-signature-256', 'x-hub-signature']],
  ['stripe', ['stripe-signature']],
  ['standard-webhooks', ['webhook-signature', 'svix-signature']],
  ['hmac', ['x-webhook-signature']],
])('the proof of %s stands in headers that are never stored', (name, headers) => {
  expect(schemeOf(name).headers(defaults)).toEqual(headers);
});

it('every secret is tried, also after one has matched: time tells nothing', () => {
  const keys = ['a', 'b', 'c'].map((text) => schemeOf('hmac').readSecret(text));
  const tried: unknown[] = [];
  const found = whichMatches(keys, (key) => {
    tried.push(key);
    return key !== keys[0];
  });
  expect([found, tried]).toEqual([1, keys]);
});

it.each(['github', 'stripe', 'hmac'])('a secret that is empty is refused by name: %s', (name) => {
  expect(() => schemeOf(name).readSecret('')).toThrow(
    expect.objectContaining({ code: 'validation-failed' }),
  );
});
