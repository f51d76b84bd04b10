import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { mintDevToken } from '../../src/http/dev-token.ts';
import { grants, scopes } from '../../src/http/principal.ts';
import { createTokenVerifier, type TokenRules } from '../../src/http/tokens.ts';
import { tokenOf, tokenSecret } from './server-under-test.ts';

const seconds = () => Math.floor(Date.now() / 1_000);
const key = (secret: string) => new TextEncoder().encode(secret);
const verifier = (rules: Partial<TokenRules> = {}) =>
  createTokenVerifier(
    { secrets: [tokenSecret], algorithms: ['RS256', 'ES256'], ...rules },
    systemClock,
  );

const unsigned = (header: object, claims: object): string =>
  `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

const sign = (claims: object, header: object = {}, secret = tokenSecret) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', ...header }).sign(key(secret));

const good = () => ({ sub: 'ann', workspace: 'acme', exp: seconds() + 60 });

describe('a token', () => {
  it('tells who asks, in both forms of rights', async () => {
    const byObject = await verifier()(await tokenOf());
    expect(byObject.subject).toBe('ann');
    expect(grants(byObject, 'function-triggers:write')).toBe(true);
    const claims = { ...good(), workspaces: ['a', 'b'], scope: 'events:read audit:write' };
    const byScope = await verifier()(await sign(claims));
    expect([...byScope.workspaces]).toEqual(['acme', 'a', 'b']);
    expect(grants(byScope, 'events:read')).toBe(true);
    expect(grants(byScope, 'events:write')).toBe(false);
    expect(grants(byScope, 'audit:read')).toBe(true);
    expect(grants(byScope, 'metrics:read')).toBe(false);
  });

  it.each([
    ['permissions by resource', { permissions: { events: ['read'] } }],
    ['permissions as a list', { permissions: ['events:read'] }],
    ['scope as words', { scope: 'openid events:read' }],
    ['scope as a list', { scope: ['openid', 'events:read'] }],
    ['scp as words', { scp: 'openid events:read' }],
    ['scp as a list', { scp: ['events:read'] }],
    ['two of them together', { permissions: [], scp: ['events:read'], scope: 'profile' }],
  ])('gives the rights that stand in it: %s', async (_, claims) => {
    const principal = await verifier()(await sign({ ...good(), ...claims }));
    expect(scopes.filter((scope) => grants(principal, scope))).toEqual(['events:read']);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['no token at all', () => ''],
    ['noise', () => 'a.b.c'],
    ['one without signature', () => unsigned({ alg: 'none' }, good())],
    ['one with alg None', () => unsigned({ alg: 'None' }, good())],
    ['another secret', () => sign(good(), {}, 'another secret that is long enough')],
    [
      'HS512',
      () =>
        new SignJWT(good()).setProtectedHeader({ alg: 'HS512' }).sign(key(tokenSecret.repeat(2))),
    ],
    [
      'HS384 with the right secret',
      () =>
        new SignJWT(good()).setProtectedHeader({ alg: 'HS384' }).sign(key(tokenSecret.repeat(2))),
    ],
    ['an expired one', () => sign({ ...good(), exp: seconds() - 60 })],
    ['one that never expires', () => sign({ sub: 'ann', workspace: 'acme' })],
    ['one of nobody', () => sign({ workspace: 'acme', exp: seconds() + 60 })],
    ['an empty sub', () => sign({ ...good(), sub: '' })],
    ['one not valid yet', () => sign({ ...good(), nbf: seconds() + 120 })],
    [
      'an unknown critical header',
      () => sign(good(), { crit: ['b64'], b64: false }).catch(() => 'x'),
    ],
    ['rights of a wrong form', () => sign({ ...good(), permissions: 'all' })],
    ['a scope of a wrong form', () => sign({ ...good(), scope: { events: 'read' } })],
    ['an scp of a wrong form', () => sign({ ...good(), scp: [7] })],
    ['a workspace of a wrong form', () => sign({ ...good(), workspace: 7 })],
  ])('is refused: %s', async (_, make) => {
    await expect(verifier()(await make())).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('cannot choose its key by its header', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [{ jwk }, { jku: 'http://127.0.0.1:9/keys' }, { kid: '../../dev/null' }]) {
      const token = await new SignJWT(good())
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(privateKey);
      await expect(verifier()(token)).rejects.toMatchObject({ code: 'unauthorized' });
    }
  });

  it('may be thirty seconds over its time, for clocks that differ', async () => {
    const token = await sign({ ...good(), exp: seconds() - 20 });
    expect((await verifier()(token)).subject).toBe('ann');
  });

  it('must come from the issuer and be for the audience that are configured', async () => {
    const verify = verifier({ issuer: 'me', audience: 'tripline' });
    const token = await sign({ ...good(), iss: 'me', aud: ['other', 'tripline'] });
    expect((await verify(token)).subject).toBe('ann');
    for (const claims of [{ iss: 'you', aud: 'tripline' }, { iss: 'me' }, { aud: 'tripline' }]) {
      const refused = verify(await sign({ ...good(), ...claims }));
      await expect(refused).rejects.toMatchObject({ code: 'unauthorized' });
    }
  });

  it('is accepted under either secret while one is being rotated', async () => {
    const verify = verifier({ secrets: ['the new secret, which is long enough!', tokenSecret] });
    expect((await verify(await sign(good()))).subject).toBe('ann');
    await expect(
      verify(await sign(good(), {}, 'neither of the two, but long enough')),
    ).rejects.toThrow();
  });

  it('for development has every right in one workspace', async () => {
    const token = await mintDevToken({
      secret: tokenSecret,
      workspace: 'demo',
      expiresAt: seconds() + 60,
    });
    const principal = await verifier()(token);
    expect([...principal.workspaces]).toEqual(['demo']);
    expect(grants(principal, 'audit:read')).toBe(true);
  });
});

describe('tokens of an issuer', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  const issuer = async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }];
    const state = { up: true, asked: 0 };
    const server = createServer((_, response) => {
      state.asked += 1;
      response.statusCode = state.up ? 200 : 500;
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const token = (kid: string) =>
      new SignJWT(good()).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    return { url: `http://127.0.0.1:${port}/keys`, token, state };
  };

  it('are verified with its published keys, fetched once', async () => {
    const { url, token, state } = await issuer();
    const verify = verifier({ secrets: [], jwksUrl: url });
    expect((await verify(await token('k1'))).subject).toBe('ann');
    expect((await verify(await token('k1'))).subject).toBe('ann');
    await expect(verify(await token('k2'))).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(verify(await token('k3'))).rejects.toMatchObject({ code: 'unauthorized' });
    expect(state.asked).toBe(1);
  });

  it('are not refused but put off while the keys cannot be had', async () => {
    const { url, token, state } = await issuer();
    state.up = false;
    const verify = verifier({ secrets: [], jwksUrl: url });
    await expect(verify(await token('k1'))).rejects.toMatchObject({ code: 'keys-unavailable' });
  });

  it('cannot be signed with the public key as a secret', async () => {
    const { url } = await issuer();
    const verify = verifier({ secrets: [], jwksUrl: url });
    const forged = await sign(good(), { kid: 'k1' }, 'k1 as if it were a shared secret!!');
    await expect(verify(forged)).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
