import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { publishedKeys } from '../../src/http/issuer-keys.ts';
import { createTokenVerifier } from '../../src/http/tokens.ts';
import {
  byRsa,
  forge,
  good,
  jwkOf,
  jwks,
  mine,
  nextRsa,
  rs,
  rsa,
  rules,
  weak,
  withRsa,
} from './forge.ts';

describe('the keys of an issuer', () => {
  const issuer = async (keys: () => readonly JWK[]) => {
    const state = { asked: 0, up: true, hangs: false };
    const server = createServer((_, response) => {
      state.asked += 1;
      if (state.hangs) return;
      response.statusCode = state.up ? 200 : 500;
      response.end(JSON.stringify({ keys: keys() }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      state,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
  const clockAt = (at: { elapsed: number }) => ({ ...systemClock, elapsed: () => at.elapsed });
  const [rsaJwk, nextJwk] = jwks.keys as [JWK, JWK];
  const byNext = () => forge({ ...rs, kid: 'next-rsa' }, good(), byRsa(nextRsa.privateKey));

  it('are asked for again when a new one turns up, at most every thirty seconds', async () => {
    let keys = [rsaJwk];
    await using origin = await issuer(() => keys);
    const at = { elapsed: 0 };
    const verify = createTokenVerifier({ ...rules, jwksUrl: origin.url }, clockAt(at));
    await verify(forge(rs, good(), withRsa));
    keys = [rsaJwk, nextJwk];
    at.elapsed = 29_999;
    await expect(verify(byNext())).rejects.toMatchObject({ code: 'unauthorized' });
    expect(origin.state.asked).toBe(1);
    at.elapsed = 30_000;
    expect((await verify(byNext())).subject).toBe('ann');
    expect((await verify(forge(rs, good(), withRsa))).subject).toBe('ann');
    for (const kid of ['a', 'b', 'c'])
      await expect(verify(forge({ ...rs, kid }, good(), withRsa))).rejects.toThrow();
    expect(origin.state.asked).toBe(2);
  });

  const { kid: _, ...withoutKid } = rs;
  const anonymous = (key: typeof nextRsa) => forge(withoutKid, good(), byRsa(key.privateKey));

  it('are asked for again when none of them fits a token without kid', async () => {
    let keys = [rsaJwk];
    await using origin = await issuer(() => keys);
    const at = { elapsed: 0 };
    const verify = createTokenVerifier({ ...rules, jwksUrl: origin.url }, clockAt(at));
    await verify(anonymous(rsa));
    keys = [nextJwk];
    at.elapsed = 29_999;
    await expect(verify(anonymous(nextRsa))).rejects.toMatchObject({ code: 'unauthorized' });
    at.elapsed = 30_000;
    // Of all that come with the new key at once, one asks and the others wait with it.
    const tokens = [anonymous(nextRsa), anonymous(nextRsa), byNext()];
    const principals = await Promise.all(tokens.map((token) => verify(token)));
    expect(principals.map(({ subject }) => subject)).toEqual(['ann', 'ann', 'ann']);
    await expect(verify(anonymous(rsa))).rejects.toMatchObject({ code: 'unauthorized' });
    expect(origin.state.asked).toBe(2);
  });

  it('that came while a token was being checked are tried on it, too', async () => {
    let keys = [rsaJwk];
    await using origin = await issuer(() => keys);
    const at = { elapsed: 0 };
    const issued = publishedKeys(origin.url, clockAt(at));
    const before = await issued.current();
    keys = [nextJwk];
    at.elapsed = 30_000;
    const after = await issued.renewed(before);
    expect(after).not.toBe(before);
    expect(await issued.renewed(before)).toBe(after);
    expect(await issued.renewed(after!)).toBeUndefined();
    expect(origin.state.asked).toBe(2);
  });

  it('serve also where one that is too short, or no key at all, stands beside them', async () => {
    const short = jwkOf(weak.publicKey, {});
    const broken = { kty: 'RSA', n: '!', e: 'AQAB' };
    const { kid: __, ...nameless } = rsaJwk;
    await using origin = await issuer(() => [short, broken, nameless]);
    const verify = createTokenVerifier({ ...rules, jwksUrl: origin.url }, systemClock);
    expect((await verify(anonymous(rsa))).subject).toBe('ann');
    await expect(verify(anonymous(weak))).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(verify(anonymous(mine))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('serve on while the issuer is away, which is asked at most every thirty seconds', async () => {
    await using origin = await issuer(() => [rsaJwk]);
    const at = { elapsed: 0 };
    const verify = createTokenVerifier({ ...rules, jwksUrl: origin.url }, clockAt(at));
    await verify(forge(rs, good(), withRsa));
    origin.state.up = false;
    at.elapsed = 60_000;
    for (let round = 0; round < 3; round += 1) {
      await expect(verify(byNext())).rejects.toMatchObject({ code: 'unauthorized' });
      expect((await verify(forge(rs, good(), withRsa))).subject).toBe('ann');
    }
    expect(origin.state.asked).toBe(2);
  });

  it('are not waited for by those whose key is known', async () => {
    await using origin = await issuer(() => [rsaJwk]);
    const at = { elapsed: 0 };
    const verify = createTokenVerifier({ ...rules, jwksUrl: origin.url }, clockAt(at));
    await verify(forge(rs, good(), withRsa));
    origin.state.hangs = true;
    at.elapsed = 60_000;
    const waiting = verify(byNext()).catch(({ code }: { code: string }) => code);
    expect((await verify(forge(rs, good(), withRsa))).subject).toBe('ann');
    await origin[Symbol.asyncDispose]();
    expect(await waiting).toBe('unauthorized');
  });

  it('are believed only from the address itself, not from where it points', async () => {
    await using target = await issuer(() => [jwkOf(mine.publicKey, { kid: 'mine' })]);
    const elsewhere = target.url;
    const server = createServer((_, response) => {
      response.writeHead(302, { location: elsewhere }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const verify = createTokenVerifier({ ...rules, jwksUrl: url }, systemClock);
    const token = forge({ ...rs, kid: 'mine' }, good(), byRsa(mine.privateKey));
    await expect(verify(token)).rejects.toMatchObject({ code: 'keys-unavailable' });
    expect(target.state.asked).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });
});
