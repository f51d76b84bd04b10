import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const functionId = '11111111-aaaa-zzzz-2222-333344445555';
const never = '00000000-0000-4000-8000-000000000000';
const ten = Array.from({ length: 10 }, (_, at) => at);
const oneWins = (status: number) => [status, ...Array<number>(9).fill(409)];

/** Whatever an answer of these requests can hold. */
interface Told {
  readonly id: string;
  readonly code: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly triggerMetadata: { readonly params: { readonly key: unknown } };
  readonly details: readonly { readonly field: string }[];
  readonly versions: readonly unknown[];
}

/** Everything here goes over a socket, as a client would. */
describe('over HTTP', () => {
  let server: ServerUnderTest;
  let base: string;
  let token: string;

  beforeAll(async () => {
    server = await startServer();
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.http.server.address() as AddressInfo;
    base = `http://127.0.0.1:${port}/workspace/acme/api/v1`;
    token = await tokenOf();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const ask = async (method: string, path: string, body?: unknown, headers: object = {}) => {
    const answer = await fetch(`${base}/function-triggers${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Told };
  };
  const create = (name: string, more: object = {}) =>
    ask('POST', '', { name, functionId, executionType: 'on-demand', ...more });
  const webhook = (path: string) => ({ executionType: 'webhook', triggerMetadata: { path } });
  const statuses = async (work: (at: number) => Promise<{ status: number }>) =>
    (await Promise.all(ten.map(work))).map(({ status }) => status).sort();

  describe('of ten at once', () => {
    it('one gets the name', async () => {
      expect(await statuses(() => create('contested'))).toEqual(oneWins(201));
    });

    it('one gets the webhook path', async () => {
      expect(await statuses((at) => create(`path ${at}`, webhook('/contested')))).toEqual(
        oneWins(201),
      );
    });

    it('one is renamed', async () => {
      const created = await Promise.all(ten.map((at) => create(`before ${at}`)));
      const rename = (at: number) =>
        ask('PUT', `/${created[at]?.body.id}`, { name: 'after renaming' });
      expect(await statuses(rename)).toEqual(oneWins(200));
    });

    it('one gets the name of a trigger that is deleted meanwhile, and none gets it twice', async () => {
      const { body } = await create('handed on');
      const [gone, ...others] = await Promise.all([
        ask('DELETE', `/${body.id}`),
        ...ten.map(() => create('handed on')),
      ]);
      expect(gone?.status).toBe(200);
      const winners = others.filter(({ status }) => status === 201);
      expect(winners.length).toBeLessThanOrEqual(1);
      if (winners.length === 0) expect((await create('handed on')).status).toBe(201);
      expect((await create('handed on')).status).toBe(409);
    });
  });

  describe('versions', () => {
    it('are listed oldest first, each as it was, secrets as they were stored', async () => {
      const params = { key: { value: 'canary', encrypt: true }, plain: 1 };
      const first = (await create('versioned', { triggerMetadata: { params } })).body;
      const sealed = first.triggerMetadata.params.key;
      const second = (await ask('PUT', `/${first.id}`, { name: 'renamed', description: 'why' }))
        .body;
      await ask('POST', `/${first.id}/stop`);
      await ask('POST', `/${first.id}/start`);
      await ask('PUT', `/${first.id}`, { triggerMetadata: { params: { key: sealed } } });
      const { status, body } = await ask('GET', `/${first.id}/versions`);
      expect(status).toBe(200);
      const common = { functionId, executionType: 'on-demand', changedBy: 'ann' };
      expect(body.versions).toEqual([
        {
          ...common,
          version: 1,
          changedAt: first.createdAt,
          name: 'versioned',
          triggerMetadata: { params: { key: sealed, plain: 1 } },
        },
        {
          ...common,
          version: 2,
          changedAt: second.updatedAt,
          name: 'renamed',
          description: 'why',
          triggerMetadata: { params: { key: sealed, plain: 1 } },
        },
        {
          ...common,
          version: 3,
          changedAt: expect.any(String),
          name: 'renamed',
          description: 'why',
          triggerMetadata: { params: { key: sealed } },
        },
      ]);
      expect(JSON.stringify(body)).not.toContain('canary');
    });

    it('are 404 for what never was, is deleted, or is elsewhere', async () => {
      const { id } = (await create('short-lived')).body;
      const foreign = { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` };
      const url = base.replace('acme', 'other');
      const elsewhere = await fetch(`${url}/function-triggers/${id}/versions`, {
        headers: foreign,
      });
      expect(elsewhere.status).toBe(404);
      await ask('DELETE', `/${id}`);
      expect((await ask('GET', `/${id}/versions`)).status).toBe(404);
      expect((await ask('GET', `/${never}/versions`)).status).toBe(404);
    });
  });

  describe('a change', () => {
    it('takes back what GET gave', async () => {
      for (const more of [{}, webhook('/back'), { description: 'why' }]) {
        const { id } = (await create(`back ${JSON.stringify(more)}`, more)).body;
        const got = (await ask('GET', `/${id}`)).body;
        const { status, body } = await ask('PUT', `/${id}`, got);
        expect(status).toBe(200);
        expect(body).toEqual({ ...got, version: 2, updatedAt: body.updatedAt });
      }
    });

    it.each([
      ['name', { name: 7 }],
      ['name', { name: '' }],
      ['name', { name: null }],
      ['description', { description: 1 }],
      ['triggerMetadata', { triggerMetadata: 'x' }],
      ['triggerMetadata.params', { triggerMetadata: { params: 1 } }],
      ['executionType', { executionType: 'webhook' }],
      ['functionId', { functionId: never }],
      ['colour', { colour: 'blue' }],
    ])('that is wrong is 400, names %s and changes nothing', async (field, body) => {
      const { id } = (await create(`steady ${JSON.stringify(body)}`)).body;
      const before = (await ask('GET', `/${id}`)).body;
      const answer = await ask('PUT', `/${id}`, body);
      expect(answer.status).toBe(400);
      expect(answer.body.details.map((detail: { field: string }) => detail.field)).toContain(field);
      expect((await ask('GET', `/${id}`)).body).toEqual(before);
    });

    it.each([
      ['PUT', '', { name: 'stale' }],
      ['DELETE', '', undefined],
      ['POST', '/stop', undefined],
      ['POST', '/pause', undefined],
      ['POST', '/resume', undefined],
    ])('by %s%s on a stale revision is 412 and leaves nothing', async (method, path, body) => {
      const { id } = (await create(`tagged ${method}${path}`)).body;
      await ask('PUT', `/${id}`, { description: 'changed' });
      const before = (await server.events()).length;
      const answer = await ask(method, `/${id}${path}`, body, { 'if-match': '"0"' });
      expect([answer.status, answer.body.code]).toEqual([412, 'precondition_failed']);
      const added = (await server.events()).slice(before).map(({ type }) => type);
      expect(added.filter((type) => type !== 'RequestRefused')).toEqual([]);
      const { headers } = await ask('GET', `/${id}`);
      const current = { 'if-match': headers.get('etag') };
      expect((await ask(method, `/${id}${path}`, body, current)).status).toBe(200);
    });
  });

  describe('what is checked first', () => {
    it('is 404 before 400 before 409', async () => {
      const { id } = (await create('taken')).body;
      const other = (await create('free')).body;
      expect((await ask('PUT', `/${never}`, { colour: 1 })).status).toBe(404);
      expect((await ask('PUT', `/${other.id}`, { name: 'taken', colour: 1 })).status).toBe(400);
      expect((await ask('PUT', `/${other.id}`, { name: 'taken' })).status).toBe(409);
      expect((await ask('POST', `/draft-${never}/publish`)).status).toBe(404);
      await ask('POST', `/${id}/stop`);
      expect((await ask('POST', `/${id}/execute`)).status).toBe(409);
      const hook = (await create('hook', webhook('/hook'))).body;
      await ask('POST', `/${hook.id}/stop`);
      expect((await ask('POST', `/${hook.id}/execute`)).status).toBe(400);
    });

    it('is the revision before the name', async () => {
      await create('in use');
      const { id } = (await create('mine')).body;
      const answer = await ask('PUT', `/${id}`, { name: 'in use' }, { 'if-match': '"7"' });
      expect(answer.status).toBe(412);
    });
  });
});
