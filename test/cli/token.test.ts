import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { scratch } from '../process/scratch.ts';
import { type Server, startServer } from '../process/server-process.ts';
import { run } from './run.ts';

const resources = scratch();
const secret = 'a secret of 32 bytes at the least, say';
const claimsOf = async (token: string) =>
  (await jwtVerify(token.trim(), new TextEncoder().encode(secret))).payload;

afterAll(() => resources[Symbol.asyncDispose]());

describe('npm run token', () => {
  let dataDir = '';
  let server: Server | undefined;
  beforeAll(async () => {
    dataDir = await resources.directory();
    server = resources.use(await startServer({ dataDir }));
  });

  it('prints a token that the server beside it accepts, for what it was asked for', async () => {
    const env = { TRIPLINE_DATA_DIR: dataDir };
    const { out, err, code } = await run('token', ['acme', '--scopes', 'events:read'], env);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${out.trim()}` };
      return (await fetch(`${server?.url}/workspace/${path}`, { headers })).status;
    };
    expect(await ask('acme/api/v1/events')).toBe(200);
    expect(await ask('acme/api/v1/function-triggers')).toBe(403);
    expect(await ask('demo/api/v1/events')).toBe(403);
  });

  it('signs with the configured secret, for the configured issuer and audience', async () => {
    const env = {
      TRIPLINE_JWT_SECRET: secret,
      TRIPLINE_JWT_ISSUER: 'us',
      TRIPLINE_JWT_AUDIENCE: 'tripline',
    };
    const { out } = await run('token', ['acme', '--days', '30', '--sub', 'ann'], env);
    const { iss, aud, sub, exp = 0, workspace, permissions } = await claimsOf(out);
    expect({ iss, aud, sub, workspace }).toEqual({
      iss: 'us',
      aud: 'tripline',
      sub: 'ann',
      workspace: 'acme',
    });
    expect(permissions).toMatchObject({ audit: ['read', 'write'], metrics: ['read', 'write'] });
    expect(exp * 1_000 - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it.each([
    ['name one workspace', []],
    ['a workspace is a word', ['a b']],
    ['there is no scope everything', ['acme', '--scopes', 'everything']],
    ['--days must be a number', ['acme', '--days', 'soon']],
    ['--days must be a number', ['acme', '--days', '0']],
  ])('says what it does not understand: %s', async (sentence, args) => {
    const { code, err, out } = await run('token', args, { TRIPLINE_JWT_SECRET: secret });
    expect([code, out]).toEqual([exitCodes.configuration, '']);
    expect(err).toContain(sentence);
  });

  it('leaves tokens to the issuer where there is one', async () => {
    const env = { TRIPLINE_JWKS_URL: 'https://issuer.example/jwks' };
    const { code, err } = await run('token', ['acme'], env);
    expect(code).toBe(exitCodes.configuration);
    expect(err).toContain('tokens come from your issuer');
  });
});
