import { sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { createTokenVerifier, type TokenRules, type VerifyToken } from '../../src/http/tokens.ts';
import {
  base64url,
  byEc,
  byHmac,
  byRsa,
  ec,
  ed,
  encryptionOnly,
  forge,
  good,
  hs,
  jwkOf,
  jwks,
  lacking,
  mine,
  nextRsa,
  pemOf,
  published,
  rs,
  rsa,
  seconds,
  shared,
  unsigned,
  weak,
  withRsa,
  withSecret,
} from './forge.ts';
import { tokenSecret } from './server-under-test.ts';

/** An address under the attacker's hand, which must never be asked. */
let trap: string;
let sprung = 0;
const trapServer = createServer((_, response) => {
  sprung += 1;
  response.end(JSON.stringify({ keys: [jwkOf(mine.publicKey, { kid: 'mine' })] }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => trapServer.listen(0, '127.0.0.1', resolve));
  trap = `http://127.0.0.1:${(trapServer.address() as AddressInfo).port}/keys`;
});
afterAll(() => new Promise((resolve) => trapServer.close(resolve)));

describe('tokens that are good', () => {
  it.each<[string, TokenRules, () => string]>([
    ['HS256', shared, () => forge(hs, good(), withSecret)],
    ['RS256 by its kid', published, () => forge(rs, good(), withRsa)],
    [
      'the other RS256 key during rotation',
      published,
      () => forge({ ...rs, kid: 'next-rsa' }, good(), byRsa(nextRsa.privateKey)),
    ],
    [
      'RS256 without kid, either key',
      published,
      () => forge({ alg: 'RS256' }, good(), byRsa(nextRsa.privateKey)),
    ],
    ['ES256', published, () => forge({ alg: 'ES256', kid: 'ec' }, good(), byEc(ec.privateKey))],
    [
      'EdDSA',
      published,
      () =>
        forge({ alg: 'EdDSA', kid: 'ed' }, good(), (input) =>
          sign(null, Buffer.from(input), ed.privateKey),
        ),
    ],
  ])('are taken: %s', async (_, given, make) => {
    const principal = await createTokenVerifier(given, systemClock)(make());
    expect(principal).toMatchObject({ subject: 'ann', actor: 'user:ann' });
  });
});

/** One row per attack: against which rules, and the token. */
type Attack = readonly [name: string, rules: TokenRules, make: () => string];

const attacks: readonly Attack[] = [
  ['alg none, no signature', shared, () => forge({ alg: 'none' }, good(), unsigned)],
  ['alg none, right signature', shared, () => forge({ alg: 'none' }, good(), withSecret)],
  ['alg nOnE', published, () => forge({ alg: 'nOnE', kid: 'rsa' }, good(), unsigned)],
  ['an empty alg', shared, () => forge({ alg: '' }, good(), withSecret)],
  ['no alg', shared, () => forge({ typ: 'JWT' }, good(), withSecret)],
  ['a list for an alg', shared, () => forge({ alg: ['HS256'] }, good(), withSecret)],
  ['HS256 without signature', shared, () => forge(hs, good(), unsigned)],
  ['HS256 with an empty secret', shared, () => forge(hs, good(), byHmac(''))],
  [
    'HS512 with the right secret',
    shared,
    () => forge({ alg: 'HS512' }, good(), byHmac(tokenSecret, 'sha512')),
  ],
  [
    'HS256 keyed with the public PEM',
    published,
    () => forge({ ...hs, kid: 'rsa' }, good(), byHmac(pemOf(rsa.publicKey))),
  ],
  [
    'HS256 keyed with the public JWK',
    published,
    () => forge({ ...hs, kid: 'rsa' }, good(), byHmac(JSON.stringify(jwks.keys[0]))),
  ],
  [
    'HS256 with a shared key that is in the key set',
    published,
    () => forge({ ...hs, kid: 'shared' }, good(), withSecret),
  ],
  ['RS256 where a secret is configured', shared, () => forge(rs, good(), withRsa)],
  [
    'a jwk header with a key of its own',
    published,
    () => forge({ alg: 'RS256', jwk: jwkOf(mine.publicKey, {}) }, good(), byRsa(mine.privateKey)),
  ],
  [
    'a jwk header beside a known kid',
    published,
    () => forge({ ...rs, jwk: jwkOf(mine.publicKey, {}) }, good(), byRsa(mine.privateKey)),
  ],
  [
    'a jku header',
    published,
    () => forge({ ...rs, kid: 'mine', jku: trap }, good(), byRsa(mine.privateKey)),
  ],
  [
    'an x5u header',
    published,
    () => forge({ ...rs, kid: 'mine', x5u: trap }, good(), byRsa(mine.privateKey)),
  ],
  [
    'an x5c header',
    published,
    () => forge({ ...rs, x5c: [pemOf(mine.publicKey)] }, good(), byRsa(mine.privateKey)),
  ],
  [
    'an unknown critical header',
    shared,
    () => forge({ ...hs, crit: ['frob'], frob: true }, good(), withSecret),
  ],
  ['an empty crit', shared, () => forge({ ...hs, crit: [] }, good(), withSecret)],
  [
    'b64 false',
    shared,
    () => {
      const header = base64url({ ...hs, crit: ['b64'], b64: false });
      const input = `${header}.${JSON.stringify(good()).replaceAll('.', '')}`;
      return `${input}.${withSecret(input).toString('base64url')}`;
    },
  ],
  ['a wrong issuer', shared, () => forge(hs, good({ iss: 'https://issuer/' }), withSecret)],
  ['no issuer', shared, () => forge(hs, lacking.iss, withSecret)],
  ['a wrong audience', shared, () => forge(hs, good({ aud: ['other'] }), withSecret)],
  ['no audience', shared, () => forge(hs, lacking.aud, withSecret)],
  ['no exp', shared, () => forge(hs, lacking.exp, withSecret)],
  ['a text for an exp', shared, () => forge(hs, good({ exp: '9999999999' }), withSecret)],
  ['an exp long past', shared, () => forge(hs, good({ exp: seconds() - 60 }), withSecret)],
  ['no sub', shared, () => forge(hs, lacking.sub, withSecret)],
  ['a sub that is no text', shared, () => forge(hs, good({ sub: { $ne: null } }), withSecret)],
  ['an nbf to come', shared, () => forge(hs, good({ nbf: seconds() + 60 }), withSecret)],
  ['an unknown kid', published, () => forge({ ...rs, kid: 'gone' }, good(), withRsa)],
  ['a kid that is a path', published, () => forge({ ...rs, kid: '../../x' }, good(), withRsa)],
  ['a kid that is __proto__', published, () => forge({ ...rs, kid: '__proto__' }, good(), withRsa)],
  ['a kid that is no text', published, () => forge({ ...rs, kid: ['rsa'] }, good(), withRsa)],
  ['the kid of another key', published, () => forge({ ...rs, kid: 'next-rsa' }, good(), withRsa)],
  [
    'a key that is for encryption',
    published,
    () => forge({ ...rs, kid: 'encryption' }, good(), byRsa(encryptionOnly.privateKey)),
  ],
  [
    'a key that is too short',
    published,
    () => forge({ ...rs, kid: 'weak' }, good(), byRsa(weak.privateKey)),
  ],
  [
    'ES256 with a signature of zeros',
    published,
    () => forge({ alg: 'ES256', kid: 'ec' }, good(), () => Buffer.alloc(64)),
  ],
  [
    'an algorithm that is not configured',
    published,
    () =>
      forge({ alg: 'RS512', kid: 'rsa' }, good(), (input) =>
        sign('sha512', Buffer.from(input), rsa.privateKey),
      ),
  ],
  [
    'claims of somebody else under a good signature',
    shared,
    () => {
      const [header, , signature] = forge(hs, good(), withSecret).split('.');
      return [header, base64url(good({ sub: 'eve' })), signature].join('.');
    },
  ],
  ['claims that are no object', shared, () => forge(hs, '"ann"', withSecret)],
  ['five parts', published, () => `${forge(rs, good(), withRsa)}.a.b`],
  [
    'a JSON serialisation',
    shared,
    () => {
      const [protectedHeader, payload, signature] = forge(hs, good(), withSecret).split('.');
      return JSON.stringify({ protected: protectedHeader, payload, signature });
    },
  ],
];

describe('a forged token', () => {
  it.each(attacks)('is refused: %s', async (_, given, make) => {
    const verify: VerifyToken = createTokenVerifier(given, systemClock);
    await expect(verify(make())).rejects.toMatchObject({ code: 'unauthorized' });
    expect(sprung).toBe(0);
  });

  it('is not told what was wrong with its signature', async () => {
    const verify = createTokenVerifier(published, systemClock);
    const sentenceOf = (token: string) => verify(token).catch(({ message }: Error) => message);
    const sentences = await Promise.all([
      sentenceOf(forge(rs, good(), byRsa(mine.privateKey))),
      sentenceOf(forge({ ...rs, kid: 'gone' }, good(), withRsa)),
      sentenceOf(forge({ ...hs, kid: 'rsa' }, good(), byHmac(pemOf(rsa.publicKey)))),
      sentenceOf(forge({ alg: 'none' }, good(), unsigned)),
      sentenceOf('nonsense'),
    ]);
    expect(new Set(sentences).size).toBe(1);
  });
});
