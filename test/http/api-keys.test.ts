import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

interface Issued {
  readonly id: string;
  readonly key: string;
}

const base = '/workspace/acme/api/v1';
const noSuchKey = 'tlk_00000000-0000-4000-8000-000000000000_';

describe('an API key', () => {
  let server: ServerUnderTest;
  let now: number;
  beforeEach(async () => {
    now = Date.now();
    server = await startServer({ clock: { ...systemClock, now: () => now } });
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  const issue = async (more: object = {}, headers: Record<string, string> = {}) =>
    await server.ask('POST', 'api-keys', {
      payload: { name: 'deploys', scopes: ['function-triggers:write', 'audit:read'], ...more },
      headers,
    });
  const issued = async (more: object = {}): Promise<Issued> => (await issue(more)).json();
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const list = (key: string, slug = 'acme') =>
    server.http.inject({
      url: `/workspace/${slug}/api/v1/function-triggers`,
      headers: bearer(key),
    });
  /** Everything of a 401 that could tell one from another. */
  const refusal = async (key: string) => {
    const { statusCode, headers, body } = await list(key);
    const { requestId: _, ...said } = JSON.parse(body);
    return { statusCode, challenge: headers['www-authenticate'], said };
  };

  it('is told once, works as a bearer token, and is never told again', async () => {
    const answer = await issue();
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { id, key } = answer.json() as Issued;
    expect(key).toMatch(/^tlk_[0-9a-f-]{36}_[\w-]{43}$/);
    expect(answer.json()).toMatchObject({
      name: 'deploys',
      scopes: ['function-triggers:write', 'audit:read'],
      workspaceSlug: 'acme',
      createdBy: 'ann',
      expiresAt: null,
      expired: false,
    });
    expect((await list(key)).statusCode).toBe(200);
    const secret = key.slice(-43);
    const shown = await server.ask('GET', 'api-keys');
    expect(shown.json().apiKeys).toMatchObject([{ id, name: 'deploys' }]);
    const one = await server.ask('GET', `api-keys/${id}`);
    const audited = await server.ask('GET', 'audit');
    for (const { body } of [shown, one, audited]) expect(body).not.toContain(secret);
    expect(shown.body + one.body).not.toContain('ha256');
  });

  it('leaves only the hash of its secret in the log', async () => {
    const { key } = await issued();
    const secret = key.slice(-43);
    const log = JSON.stringify(await server.events());
    expect(log).not.toContain(secret);
    expect(log).toContain(createHash('sha256').update(secret).digest('hex'));
  });

  it('signs what is done with it', async () => {
    const { id, key } = await issued();
    const payload = {
      name: 'by machine',
      functionId: '00000000-0000-4000-8000-000000000001',
      executionType: 'on-demand',
    };
    const created = await server.http.inject({
      method: 'POST',
      url: `${base}/function-triggers`,
      headers: bearer(key),
      payload,
    });
    expect(created.json()).toMatchObject({ createdBy: `key:${id}` });
    const found = await server.ask('GET', `audit?actor=key:${id}`);
    expect(found.json().events.map(({ type }: { type: string }) => type)).toContain(
      'TriggerRegistered',
    );
  });

  it('opens nothing but its workspace and what it was issued for', async () => {
    const { key } = await issued();
    expect((await list(key, 'other')).statusCode).toBe(403);
    const elsewhere = await server.http.inject({
      url: `${base}/compute-functions`,
      headers: bearer(key),
    });
    expect(elsewhere.statusCode).toBe(403);
    const keys = await server.http.inject({ url: `${base}/api-keys`, headers: bearer(key) });
    expect(keys.statusCode).toBe(403);
  });

  it('is refused from the moment its revocation is answered', async () => {
    const { id, key } = await issued();
    expect((await server.ask('DELETE', `api-keys/${id}`)).statusCode).toBe(200);
    expect((await list(key)).statusCode).toBe(401);
    expect((await server.ask('GET', `api-keys/${id}`)).statusCode).toBe(404);
    expect((await server.ask('DELETE', `api-keys/${id}`)).statusCode).toBe(404);
  });

  it('is refused from the moment it expires', async () => {
    const expiresAt = new Date(now + 60_000).toISOString();
    const { id, key } = await issued({ expiresAt });
    now += 59_999;
    expect((await list(key)).statusCode).toBe(200);
    now += 1;
    expect((await list(key)).statusCode).toBe(401);
    const shown = await server.ask('GET', `api-keys/${id}`);
    expect(shown.json()).toMatchObject({ expiresAt, expired: true });
  });

  it('is refused in the same words whatever is wrong with it', async () => {
    const { id, key } = await issued();
    const expiring = await issued({ expiresAt: new Date(now + 1_000).toISOString() });
    const revoked = await issued();
    await server.ask('DELETE', `api-keys/${revoked.id}`);
    now += 2_000;
    const refusals = await Promise.all(
      [
        'tlk_',
        `${noSuchKey}${key.slice(-43)}`,
        `tlk_${id}_${'A'.repeat(43)}`,
        `tlk_${id}_`,
        key.slice(0, -1),
        `${key}A`,
        revoked.key,
        expiring.key,
      ].map(refusal),
    );
    expect(refusals[0]).toMatchObject({ statusCode: 401, challenge: 'Bearer' });
    for (const other of refusals) expect(other).toEqual(refusals[0]);
  });

  it('never has a right that its issuer lacks', async () => {
    const permissions = { 'api-keys': ['write'], events: ['read'] };
    const headers = bearer(await tokenOf({ permissions }));
    for (const scopes of [['events:write'], ['events:read', 'secrets:write']]) {
      const refused = await issue({ scopes }, headers);
      expect(refused.statusCode).toBe(403);
      expect(refused.json().detail).toContain('your own rights do not hold');
    }
    expect((await issue({ scopes: ['events:read', 'api-keys:read'] }, headers)).statusCode).toBe(
      201,
    );
  });

  it('never issues one that outlives it', async () => {
    const expiresAt = new Date(now + 60_000).toISOString();
    const scopes = ['api-keys:write', 'events:read'];
    const { key } = await issued({ scopes, expiresAt });
    const child = { scopes: ['events:read'] };
    const later = new Date(now + 60_001).toISOString();
    expect((await issue(child, bearer(key))).statusCode).toBe(403);
    expect((await issue({ ...child, expiresAt: later }, bearer(key))).statusCode).toBe(403);
    expect((await issue({ ...child, expiresAt }, bearer(key))).statusCode).toBe(201);
  });

  it.each<[string, object]>([
    ['name', { name: '' }],
    ['scopes', { scopes: [] }],
    ['scopes.0', { scopes: ['events:own'] }],
    ['scopes.0', { scopes: [7] }],
    ['expiresAt', { expiresAt: 'tomorrow' }],
    ['expiresAt', { expiresAt: '2001-01-01T00:00:00Z' }],
    ['secret', { secret: 'of my own' }],
  ])('is not issued where %s is wrong', async (field, more) => {
    const answer = await issue(more);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().details).toMatchObject([{ field }]);
    const types = (await server.events()).map(({ type }) => type);
    expect(types).not.toContain('ApiKeyIssued');
  });

  it('of another workspace does not exist here', async () => {
    const { id } = await issued();
    const headers = bearer(await tokenOf({ workspace: 'other' }));
    const at = (method: 'GET' | 'DELETE') =>
      server.http.inject({ method, url: `/workspace/other/api/v1/api-keys/${id}`, headers });
    expect((await at('GET')).statusCode).toBe(404);
    expect((await at('DELETE')).statusCode).toBe(404);
    const listed = await server.http.inject({ url: '/workspace/other/api/v1/api-keys', headers });
    expect(listed.json()).toEqual({ apiKeys: [], next: null });
  });
});
