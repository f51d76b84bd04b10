import { createHmac, generateKeyPairSync, hash, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureSchemes } from '../../src/signatures/index.ts';
import type { SignedRequest, Verdict } from '../../src/signatures/scheme.ts';

const seconds = 1_800_000_000;

const verdictOf = (
  name: string,
  sent: Partial<Omit<SignedRequest, 'rawBody'>> & { readonly body: string },
  secrets: readonly string[] = ['k'],
  options: object = {},
): Verdict => {
  const scheme = signatureSchemes.get(name);
  if (!scheme) throw new Error(`no scheme ${name}`);
  const { body, ...rest } = sent;
  return scheme.verify(
    {
      rawBody: Buffer.from(body),
      method: 'POST',
      target: '/in',
      headers: {},
      receivedAt: seconds * 1_000,
      ...rest,
    },
    secrets.map((text) => scheme.readSecret(text)),
    scheme.options.parse(options),
  );
};

const reasonOf = (verdict: Verdict) => (verdict.ok ? 'ok' : verdict.reason);
const idOf = (verdict: Verdict) => (verdict.ok ? verdict.deliveryId : verdict.reason);

const mac = (encoding: 'hex' | 'base64', text: string, key = 'k', algorithm = 'sha256') =>
  createHmac(algorithm, key).update(text).digest(encoding);

/** Where parts stand side by side, the same signed text could be cut elsewhere. */
describe('what is signed is not cut in another place', () => {
  it('between an id, a time and a body that has times in it', () => {
    const at = new Date(seconds * 1_000).toISOString();
    const body = `{"created_at":"${at}","x":1}`;
    const signature = `sha256=${mac('hex', `m-1${at}${body}`)}`;
    const via = (id: string, time: string, text: string) =>
      reasonOf(
        verdictOf('twitch', {
          body: text,
          headers: {
            'twitch-eventsub-message-id': id,
            'twitch-eventsub-message-timestamp': time,
            'twitch-eventsub-message-signature': signature,
          },
        }),
      );
    expect(via('m-1', at, body)).toBe('ok');
    expect(via(`m-1${at}{"created_at":"`, at, '","x":1}')).toBe('malformed-signature');
    expect(via('m-', `1${at}`, body)).toBe('malformed-signature');
  });

  it('between a time and a body that begins with a digit', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
    const signature = sign(null, Buffer.from(`${seconds}1`), privateKey).toString('hex');
    const via = (time: string, body: string) =>
      reasonOf(
        verdictOf(
          'discord',
          { body, headers: { 'x-signature-timestamp': time, 'x-signature-ed25519': signature } },
          [key],
        ),
      );
    expect(via(String(seconds), '1')).toBe('ok');
    expect(via(`${seconds}1`, '')).toBe('malformed-signature');
    expect(via(String(seconds).slice(0, -1), '01')).toBe('malformed-signature');
  });

  it.each(['square', 'hubspot'])('between a URL and the beginning of a JSON body: %s', (name) => {
    const url = 'https://hooks.example.com/in';
    const via = (target: string, body: string) => {
      const headers = {
        'x-square-hmacsha256-signature': mac('base64', `${url}?a=b[{"x":1}]`),
        'x-hubspot-request-timestamp': `${seconds}000`,
        'x-hubspot-signature-v3': mac('base64', `POST${url}?a=b[{"x":1}]${seconds}000`),
      };
      return reasonOf(verdictOf(name, { target, body, headers }, ['k'], { publicUrl: url }));
    };
    expect(via('/in?a=b', '[{"x":1}]')).toBe('ok');
    expect(via('/in?a=b[', '{"x":1}]')).not.toBe('ok');
  });

  it('between an id and a body, of any sender whose text sets the id off', () => {
    const options = { header: 'X', idHeader: 'Y', signedText: '{id}.{body}' };
    const headers = { x: mac('hex', 'a.b.c') };
    const via = (y: string, body: string) =>
      reasonOf(verdictOf('hmac', { body, headers: { ...headers, y } }, ['k'], options));
    expect(via('a', 'b.c')).toBe('ok');
    expect(via('a.b', 'c')).toBe('malformed-signature');
  });
});

describe('a delivery that comes again is known', () => {
  const both = ['new', 'old'];

  it('with one of its two signatures, while a secret is rolled', () => {
    const [first = '', second = ''] = both.map((key) => mac('hex', `${seconds}.{}`, key));
    const via = (signatures: string) =>
      idOf(
        verdictOf(
          'stripe',
          { body: '{}', headers: { 'stripe-signature': `t=${seconds},${signatures}` } },
          both,
        ),
      );
    const id = via(`v1=${first},v1=${second}`);
    expect(id).toContain(`${seconds}.`);
    expect([via(`v1=${second},v1=${first}`), via(`v1=${first}`), via(`v1=${second}`)]).toEqual(
      Array(3).fill(id),
    );
  });

  it('with the other signature that anybody can make of an ECDSA signature', () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const number = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
    const written = (value: bigint) => {
      const hex = value.toString(16);
      const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
      const content = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
      return Buffer.concat([Buffer.from([2, content.length]), content]);
    };
    const raw = sign('sha256', Buffer.from(`${seconds}[]`), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    const [r, s] = [number(raw.subarray(0, 32)), number(raw.subarray(32))];
    const [genuine, twin] = [s, order - s].map((second) => {
      const content = Buffer.concat([written(r), written(second)]);
      const der = Buffer.concat([Buffer.from([0x30, content.length]), content]);
      const headers = {
        'x-twilio-email-event-webhook-timestamp': String(seconds),
        'x-twilio-email-event-webhook-signature': der.toString('base64'),
      };
      return verdictOf('sendgrid', { body: '[]', headers }, [key]);
    });
    expect(genuine).toMatchObject({ ok: true });
    expect(twin).toEqual(genuine);
  });
});

it('of a public key the verdict says which one it was', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const keyId = hash('sha256', der);
  const inHex = verdictOf(
    'discord',
    {
      body: '{}',
      headers: {
        'x-signature-timestamp': String(seconds),
        'x-signature-ed25519': sign(null, Buffer.from(`${seconds}{}`), privateKey).toString('hex'),
      },
    },
    ['00'.repeat(32), der.subarray(-32).toString('hex').toUpperCase()],
  );
  expect(inHex).toMatchObject({ ok: true, secret: 1, keyId });
  const signature = sign(null, Buffer.from(`m.${seconds}.{}`), privateKey).toString('base64');
  const headers = {
    'webhook-id': 'm',
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1a,${signature}`,
  };
  const secrets = [`whpk_${der.subarray(-32).toString('base64')}`];
  expect(verdictOf('standard-webhooks', { body: '{}', headers }, secrets)).toMatchObject({ keyId });
});

describe('what Twilio sends', () => {
  const publicUrl = 'https://hooks.example.com/in';
  const via = (
    text: string,
    { body = '', type, target = '/in', url = publicUrl }: Partial<Record<string, string>>,
  ) => {
    const headers = {
      'x-twilio-signature': mac('base64', text, 'k', 'sha1'),
      ...(type !== undefined && { 'content-type': type }),
      host: 'elsewhere.example.com',
    };
    return reasonOf(verdictOf('twilio', { body, target, headers }, ['k'], { publicUrl: url }));
  };
  const form = 'application/x-www-form-urlencoded';

  it.each([
    ['a body that nothing signs', publicUrl, { body: '{}', type: 'application/json' }, 'no-match'],
    ['a body of no type', publicUrl, { body: 'A=1' }, 'no-match'],
    ['no body', publicUrl, {}, 'ok'],
    ['an empty form', publicUrl, { type: form }, 'ok'],
    ['a form', `${publicUrl}A1B2`, { body: 'B=2&A=1', type: form }, 'ok'],
    ['a form not in order', `${publicUrl}B2A1`, { body: 'B=2&A=1', type: form }, 'no-match'],
    ['a form of another URL', `${publicUrl}/A1`, { body: 'A=1', type: form }, 'no-match'],
    ['the host of the request', 'https://elsewhere.example.com/in', {}, 'no-match'],
    ['two hashes of a body', publicUrl, { target: '/in?bodySHA256=a&bodySHA256=b' }, 'no-match'],
  ])('is no proof of more than it covers: %s', (_, text, sent, reason) => {
    expect(via(text, sent)).toBe(reason);
  });

  it('may be a form of as many names as fit into a body', () => {
    const names = Array.from({ length: 100_000 }, (_, at) => `n${at}`);
    const body = names.map((name) => `${name}=1`).join('&');
    const text = [...names].sort().map((name) => `${name}1`);
    expect(via(publicUrl + text.join(''), { body, type: form })).toBe('ok');
    expect(via(publicUrl, { body, type: form })).toBe('no-match');
  });

  it.each([
    ['https://a.example/in', 'https://a.example:443/in'],
    ['http://a.example/in', 'http://a.example:80/in'],
    ['https://a.example:8443/in', 'https://a.example/in'],
    ['https://a.example:8443/in', 'https://a.example:8443/in'],
    ['https://a.example', 'https://a.example:443'],
    ['https://a.example/in:5', 'https://a.example/in:5'],
  ])('to %s may be signed as sent to %s', (url, text) => {
    expect(via(text, { url })).toBe('ok');
  });
});

it('HubSpot may write out what is encoded in a URL before it signs it', () => {
  const publicUrl = 'https://hooks.example.com/in';
  const via = (query: string) => {
    const headers = {
      'x-hubspot-request-timestamp': `${seconds}000`,
      'x-hubspot-signature-v3': mac('base64', `POST${publicUrl}?${query}{}${seconds}000`),
    };
    const sent = { body: '{}', target: '/in?to=a%40b.example%26c', headers };
    return reasonOf(verdictOf('hubspot', sent, ['k'], { publicUrl }));
  };
  expect(via('to=a%40b.example%26c')).toBe('ok');
  expect(via('to=a@b.example%26c')).toBe('ok');
  expect(via('to=a@b.example&c')).toBe('no-match');
});

it('Linear has a time in its body, in milliseconds', () => {
  for (const time of ['', ',"webhookTimestamp":"1800000000000"', ',"webhookTimestamp":1.5']) {
    const body = `{"type":"Issue"${time}}`;
    const headers = { 'linear-signature': mac('hex', body), 'linear-timestamp': `${seconds}000` };
    expect(reasonOf(verdictOf('linear', { body, headers }))).toBe('malformed-signature');
  }
});

it('PagerDuty signs with each secret while they change, and one that fits will do', () => {
  const wrong = 'ab'.repeat(32);
  const via = (header: string) =>
    reasonOf(verdictOf('pagerduty', { body: '{}', headers: { 'x-pagerduty-signature': header } }));
  const right = mac('hex', '{}');
  for (const header of [`v1=${wrong},v1=${right}`, `v1=${right}, v1=${wrong}`, `v0=x,v1=${right}`])
    expect(via(header)).toBe('ok');
  expect([via(`v1=${wrong}`), via(`v2=${right}`), via(right)]).toEqual([
    'no-match',
    'malformed-signature',
    'malformed-signature',
  ]);
});
