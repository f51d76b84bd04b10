import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardRoutes } from '../../src/http/access.ts';
import { resources } from '../../src/http/principal.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Described {
  readonly method: Method;
  readonly path: string;
  readonly needsToken: boolean;
}

let server: ServerUnderTest;
let routes: readonly Described[];
const guarded = () => routes.filter(({ needsToken }) => needsToken);
const urlOf = (path: string): string =>
  path.replace('{slug}', 'acme').replace('{id}', '00000000-0000-4000-8000-000000000000');

const askAs = (token: string | undefined, { method, path }: Described) =>
  server.http.inject({
    method,
    url: urlOf(path),
    // Its answer has no end.
    payloadAsStream: path.endsWith('/live'),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    // Not even JSON: whoever may not ask must not learn what was wrong with the question.
    ...(method !== 'GET' && { payload: '{' }),
  });

const statusesAs = async (token: string | undefined) =>
  Promise.all(
    guarded().map(async (route) => {
      const { statusCode } = await askAs(token, route);
      return `${route.method} ${route.path} ${statusCode}`;
    }),
  );

beforeAll(async () => {
  server = await startServer();
  const document = (await server.ask('GET', '/openapi.json')).json();
  routes = Object.entries<Record<string, { security?: unknown }>>(document.paths).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, { security }]) => ({
        method: method.toUpperCase() as Method,
        path,
        needsToken: Array.isArray(security) && security.length > 0,
      })),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

describe('every route', () => {
  it('is described, and only these need no token', () => {
    expect(guarded().length).toBeGreaterThan(24);
    const open = routes.filter(({ needsToken }) => !needsToken);
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /health',
      'GET /health/live',
      'GET /health/ready',
      'GET /machines',
      'GET /machines/{name}',
      'POST /workspace/{slug}/api/v1/webhook/{path}',
    ]);
  });

  it.each<[string, () => Promise<string> | undefined]>([
    ['no token', () => undefined],
    ['an expired token', () => tokenOf({}, -120)],
    ['a badly signed token', () => tokenOf({}, 60, 'somebody else, with a long secret')],
  ])('answers 401 to %s, before anything else', async (_, make) => {
    const statuses = await statusesAs(await make());
    expect(statuses.filter((line) => !line.endsWith(' 401'))).toEqual([]);
  });

  it('says how to authenticate', async () => {
    const [route] = guarded();
    const answer = await askAs(undefined, route as Described);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({
      status: 401,
      code: 'unauthorized',
      error: 'Unauthorized',
    });
  });

  it('answers 403 to a token without rights', async () => {
    const statuses = await statusesAs(await tokenOf({ permissions: {} }));
    expect(statuses.filter((line) => !line.endsWith(' 403'))).toEqual([]);
  });

  it('answers 403 to a token for another workspace', async () => {
    const statuses = await statusesAs(await tokenOf({ workspace: 'other' }));
    const inWorkspace = statuses.filter((line) => line.includes('{slug}'));
    expect(inWorkspace.length).toBeGreaterThan(20);
    expect(inWorkspace.filter((line) => !line.endsWith(' 403'))).toEqual([]);
  });

  it('answers 403 to a reader that wants to write', async () => {
    const permissions = Object.fromEntries(resources.map((name) => [name, ['read']]));
    const statuses = await statusesAs(await tokenOf({ permissions }));
    // The preview of a schedule and what-if are questions that need a body.
    const asks = (line: string) =>
      line.startsWith('GET') || /\/(ticks|what-if|filters\/test|events\/match) /.test(line);
    const writes = statuses.filter((line) => !asks(line));
    expect(writes.filter((line) => !line.endsWith(' 403'))).toEqual([]);
    const reads = statuses.filter((line) => line.startsWith('GET'));
    expect(reads.filter((line) => !/ (200|404)$/.test(line))).toEqual([]);
  });

  it('answers 404 for what is not there, before it looks at the body', async () => {
    const statuses = await statusesAs(await tokenOf());
    const named = statuses.filter((line) => line.includes('{id}'));
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((line) => !line.endsWith(' 404'))).toEqual([]);
  });
});

describe('the same ids in another workspace', () => {
  it('do not exist, word for word', async () => {
    const { id } = await server.createTrigger();
    const fn = await server.createFunction();
    const headers = { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` };
    const at = (path: string, method: Method = 'GET') =>
      server.http.inject({ method, url: `/workspace/other/api/v1/${path}`, headers });
    const neverWas = await at('function-triggers/00000000-0000-4000-8000-000000000000');
    const foreign = await at(`function-triggers/${id}`);
    expect(foreign.statusCode).toBe(404);
    expect(foreign.json().detail).toBe(neverWas.json().detail);
    expect((await at(`function-triggers/${id}/history`)).statusCode).toBe(404);
    expect((await at(`function-triggers/${id}/stop`, 'POST')).statusCode).toBe(404);
    expect((await at(`function-triggers/${id}`, 'DELETE')).statusCode).toBe(404);
    expect((await at(`compute-functions/${fn.id}`)).statusCode).toBe(404);
    const own = (await at('function-triggers')).json().triggers;
    expect(own.map(({ isSystem }: { isSystem: boolean }) => isSystem)).toEqual([true]);
    expect((await at('compute-functions')).json().functions).toEqual([]);
    const { events } = (await at('audit?actor=user:ann')).json();
    expect(events).toEqual([]);
  });
});

describe('a route that declares no right', () => {
  it.each([
    ['nothing', {}],
    ['both', { scope: 'audit:read' as const, public: true }],
  ])('refuses to exist: %s', async (_, config) => {
    const app = Fastify();
    guardRoutes(app, async () => Promise.reject(new Error('never asked')));
    expect(() => app.get('/secret', { config }, async () => 'secret')).toThrow('/secret');
    await app.close();
  });
});

describe('an address that takes other methods', () => {
  it.each([
    ['PATCH', '/workspace/acme/api/v1/function-triggers', 'GET, HEAD, POST'],
    ['POST', '/workspace/acme/api/v1/function-triggers/x', 'DELETE, GET, HEAD, PATCH, PUT'],
    ['DELETE', '/health', 'GET, HEAD'],
    ['PUT', '/workspace/acme/api/v1/audit', 'GET, HEAD'],
  ] as const)('answers 405 to %s %s and says which', async (method, url, allow) => {
    const answer = await server.http.inject({ method, url, payload: 'x' });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe(allow);
    expect(answer.json()).toMatchObject({
      code: 'method_not_allowed',
      error: 'Method Not Allowed',
    });
  });
});
