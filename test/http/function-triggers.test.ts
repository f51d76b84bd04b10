import { describe, expect, it } from 'vitest';
import { startServer } from './server-under-test.ts';

const functionId = '11111111-aaaa-zzzz-2222-333344445555';
const valid = { name: 'mine', functionId, executionType: 'on-demand' };
const post = (payload: unknown) => ({
  payload: JSON.stringify(payload),
  headers: { 'content-type': 'application/json' },
});

describe('creating a trigger', () => {
  it('answers 201 with the full object', async () => {
    await using server = await startServer();
    const payload = { ...valid, description: 'why', triggerMetadata: { params: { a: 1 } } };
    const answer = await server.ask('POST', 'function-triggers', { payload });
    expect(answer.statusCode).toBe(201);
    const trigger = answer.json();
    expect(trigger).toMatchObject({
      ...payload,
      workspaceSlug: 'acme',
      createdBy: 'ann',
      updatedBy: 'ann',
      status: 'active',
      version: 1,
      isSystem: false,
    });
    expect(trigger.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(trigger.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await server.ask('GET', `function-triggers/${trigger.id}`)).json()).toEqual(trigger);
  });

  it.each([
    ['name', { functionId, executionType: 'on-demand' }],
    ['name', { ...valid, name: '' }],
    ['name', { ...valid, name: 7 }],
    ['functionId', { ...valid, functionId: undefined }],
    ['functionId', { ...valid, functionId: 'not-an-id' }],
    ['executionType', { ...valid, executionType: 'sometimes' }],
    ['executionType', { ...valid, executionType: undefined }],
    ['triggerMetadata', { ...valid, triggerMetadata: [] }],
    ['triggerMetadata.nonsense', { ...valid, triggerMetadata: { nonsense: 1 } }],
    ['triggerMetadata.path', { ...valid, executionType: 'webhook' }],
    [
      'triggerMetadata.path',
      { ...valid, executionType: 'webhook', triggerMetadata: { path: '/a//b' } },
    ],
    [
      'triggerMetadata.path',
      { ...valid, executionType: 'webhook', triggerMetadata: { path: '/a?b' } },
    ],
    [
      'triggerMetadata.signature.secrets.0',
      {
        ...valid,
        executionType: 'webhook',
        triggerMetadata: {
          path: '/a',
          signature: { scheme: 'standard-webhooks', secrets: ['short'] },
        },
      },
    ],
    [
      'triggerMetadata.params.k',
      { ...valid, triggerMetadata: { params: { k: { encrypt: true } } } },
    ],
    [
      'triggerMetadata.params.k',
      {
        ...valid,
        triggerMetadata: { params: { k: { value: 'AAAA', encrypted: true, keyVersion: 1 } } },
      },
    ],
    ['colour', { ...valid, colour: 'blue' }],
  ])('answers 400 naming %s', async (field, payload) => {
    await using server = await startServer();
    const answer = await server.ask('POST', 'function-triggers', post(payload));
    expect(answer.statusCode).toBe(400);
    const problem = answer.json();
    expect(problem).toMatchObject({
      type: 'urn:tripline:problem:validation-failed',
      title: 'Validation Failed',
      error: 'Validation Failed',
      status: 400,
      code: 'validation_failed',
      instance: '/workspace/acme/api/v1/function-triggers',
      message: problem.detail,
    });
    expect(problem.details.map((detail: { field: string }) => detail.field)).toContain(field);
    expect(problem.detail).toContain(field);
    expect(await server.events()).toEqual([]);
  });

  it('answers 409 to a name or webhook path that is taken', async () => {
    await using server = await startServer();
    const webhook = { executionType: 'webhook', triggerMetadata: { path: '/in' } };
    await server.createTrigger({ name: 'mine', ...webhook });
    const sameName = await server.ask('POST', 'function-triggers', { payload: valid });
    expect([sameName.statusCode, sameName.json().code]).toEqual([409, 'name_taken']);
    const samePath = await server.ask('POST', 'function-triggers', {
      payload: { ...valid, name: 'other', ...webhook, triggerMetadata: { path: 'in' } },
    });
    expect([samePath.statusCode, samePath.json().code]).toEqual([409, 'path_taken']);
    const otherCase = await server.ask('POST', 'function-triggers', {
      payload: { ...valid, name: 'Mine' },
    });
    expect(otherCase.statusCode).toBe(201);
  });

  it('gives a name to one of ten that want it at once', async () => {
    await using server = await startServer();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.ask('POST', 'function-triggers', { payload: valid })),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, ...Array<number>(9).fill(409)]);
    const { triggers } = (await server.ask('GET', 'function-triggers?search=mine')).json();
    expect(triggers).toHaveLength(1);
  });

  it('never shows or records a secret in the clear', async () => {
    await using server = await startServer();
    const metadata = {
      path: '/in',
      signature: {
        scheme: 'github',
        secrets: ['canary-one', { value: 'canary-two', encrypt: true }],
      },
      params: { deep: [{ token: { value: { canary: 'canary-three' }, encrypt: true } }] },
    };
    const created = await server.ask('POST', 'function-triggers', {
      payload: { ...valid, executionType: 'webhook', triggerMetadata: metadata },
    });
    expect(created.statusCode).toBe(201);
    const { id, triggerMetadata } = created.json();
    expect(triggerMetadata.params.deep[0].token).toEqual({
      value: expect.any(String),
      encrypted: true,
      keyVersion: 1,
    });
    const everything = [
      created.body,
      (await server.ask('GET', `function-triggers/${id}`)).body,
      (await server.ask('GET', 'audit')).body,
      JSON.stringify(await server.events()),
      JSON.stringify(server.logged),
    ].join();
    expect(everything).not.toContain('canary');
    const sentBack = await server.ask('PUT', `function-triggers/${id}`, {
      payload: created.json(),
    });
    expect(sentBack.json().triggerMetadata).toEqual(triggerMetadata);
  });
});

describe('changing a trigger', () => {
  it('makes a new version, merges the metadata and keeps the rest', async () => {
    await using server = await startServer();
    const before = await server.createTrigger({
      executionType: 'webhook',
      triggerMetadata: { path: '/in', params: { a: 1, b: 2 }, queueCapacity: 5 },
    });
    const answer = await server.ask('PUT', `function-triggers/${before.id}`, {
      payload: { name: 'new name', triggerMetadata: { params: { c: 3 } } },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id: before.id,
      name: 'new name',
      version: 2,
      createdAt: before.createdAt,
      triggerMetadata: { path: '/in', params: { c: 3 }, queueCapacity: 5 },
    });
  });

  it('refuses what would not be valid as a whole, and changes nothing', async () => {
    await using server = await startServer();
    const { id, ...before } = await server.createTrigger();
    for (const payload of [
      { executionType: 'webhook' },
      { functionId },
      { triggerMetadata: { nonsense: true } },
      { name: '' },
    ]) {
      const answer = await server.ask('PUT', `function-triggers/${id}`, { payload });
      expect(answer.statusCode).toBe(400);
    }
    expect((await server.ask('GET', `function-triggers/${id}`)).json()).toEqual({ id, ...before });
  });

  it('can insist on the revision it has seen', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger();
    const { etag } = (await server.ask('GET', `function-triggers/${id}`)).headers;
    expect(etag).toBe('"0"');
    const change = (name: string, tag: string) =>
      server.ask('PUT', `function-triggers/${id}`, {
        payload: { name },
        headers: { 'if-match': tag },
      });
    expect((await change('second', '"0"')).headers.etag).toBe('"1"');
    const late = await change('third', '"0"');
    expect([late.statusCode, late.json().code]).toEqual([412, 'precondition_failed']);
    expect((await change('third', 'W/"1"')).statusCode).toBe(412);
    expect((await change('third', '*')).statusCode).toBe(200);
  });
});

describe('stopping, starting and deleting a trigger', () => {
  it('can be repeated without harm, and leaves a history', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger();
    const step = async (name: string) =>
      (await server.ask('POST', `function-triggers/${id}/${name}`)).json().status;
    expect(await step('stop')).toBe('stopped');
    expect(await step('pause')).toBe('stopped');
    expect(await step('start')).toBe('active');
    expect(await step('resume')).toBe('active');
    const { steps } = (await server.ask('GET', `function-triggers/${id}/history`)).json();
    expect(steps.map(({ from, to }: { from: string; to: string }) => [from, to])).toEqual([
      ['absent', 'active'],
      ['active', 'paused'],
      ['paused', 'active'],
    ]);
    expect(steps[1]).toMatchObject({ type: 'TriggerPaused', actor: 'user:ann' });
  });

  it('is final, frees the name, and is 404 the second time', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger({ name: 'mine' });
    const gone = await server.ask('DELETE', `function-triggers/${id}`);
    expect([gone.statusCode, gone.json()]).toEqual([
      200,
      { message: 'Trigger deleted successfully' },
    ]);
    expect((await server.ask('DELETE', `function-triggers/${id}`)).statusCode).toBe(404);
    expect((await server.ask('GET', `function-triggers/${id}`)).statusCode).toBe(404);
    expect((await server.createTrigger({ name: 'mine' })).name).toBe('mine');
    const { steps } = (await server.ask('GET', `function-triggers/${id}/history`)).json();
    expect(steps.at(-1).to).toBe('retired');
  });
});

describe('listing triggers', () => {
  it('pages, searches and sorts', async () => {
    await using server = await startServer();
    for (const name of ['Beta', 'alpha', 'gamma alpha'])
      await server.createTrigger({ name, description: 'mine' });
    const list = async (query: string) =>
      (await server.ask('GET', `function-triggers?${query}`)).json();
    const mine = 'search=MINE&searchField=description';
    const names = async (query: string) =>
      (await list(query)).triggers.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['System default trigger', 'Beta', 'alpha', 'gamma alpha']);
    expect(await names(mine)).toEqual(['Beta', 'alpha', 'gamma alpha']);
    expect(await list(`${mine}&limit=2`)).toMatchObject({ total: 3, page: 1, limit: 2 });
    expect(await names(`${mine}&limit=2&page=2`)).toEqual(['gamma alpha']);
    expect(await names(`${mine}&limit=2&page=9`)).toEqual([]);
    expect((await list('limit=9999')).limit).toBe(500);
    expect(await names('search=ALPHA')).toEqual(['alpha', 'gamma alpha']);
    const byName = encodeURIComponent('[{"field":"name","direction":"desc"}]');
    expect(await names(`${mine}&sort=${byName}`)).toEqual(['gamma alpha', 'alpha', 'Beta']);
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=x',
    'limit=1.5',
    'page=0',
    'searchField=secret',
    'sort=name',
    'sort=%5B%7B%22field%22%3A%22x%22%2C%22direction%22%3A%22asc%22%7D%5D',
    'unknown=1',
  ])('answers 400 to %s', async (query) => {
    await using server = await startServer();
    const answer = await server.ask('GET', `function-triggers?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().details[0].field).toBe(query.split('=')[0]);
  });
});

describe('executing an on-demand trigger', () => {
  it.each([
    ['{"a":1}', '{"a":1}'],
    ['{"params":{"b":2}}', '{"params":{"b":2}}'],
    ['[1,2]', '[1,2]'],
    ['"text"', '"text"'],
    ['null', 'null'],
    ['12345678901234567890', '12345678901234567890'],
    ['', '{}'],
  ])('passes %s on unchanged', async (payload, sent) => {
    await using server = await startServer();
    const fn = await server.createFunction();
    const { id } = await server.createTrigger({ functionId: fn.id });
    const answer = await server.ask('POST', `function-triggers/${id}/execute`, {
      ...(payload !== '' && { payload }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    const jobId: string = answer.json();
    expect((await server.ask('GET', `jobs/${jobId}`)).json()).toMatchObject({
      id: jobId,
      triggerId: id,
    });
    expect(String(server.calls[0]?.body)).toContain(`{"executionParams":${sent},`);
  });

  it('starts one job per idempotency key', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger();
    const execute = (payload: object, key: string) =>
      server.ask('POST', `function-triggers/${id}/execute`, {
        payload,
        headers: { 'idempotency-key': key },
      });
    const first = (await execute({ a: 1 }, '"k-1"')).json();
    expect((await execute({ a: 1 }, 'k-1')).json()).toBe(first);
    expect((await execute({ a: 1 }, 'k-2')).json()).not.toBe(first);
    const other = await execute({ a: 2 }, 'k-1');
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency_mismatch']);
    expect((await execute({}, 'two words')).statusCode).toBe(400);
  });

  it('is refused for other kinds, bad JSON and stopped triggers', async () => {
    await using server = await startServer();
    const webhook = await server.createTrigger({
      executionType: 'webhook',
      triggerMetadata: { path: '/in' },
    });
    const execute = (id: string, payload = '{}') =>
      server.ask('POST', `function-triggers/${id}/execute`, {
        payload,
        headers: { 'content-type': 'application/json' },
      });
    expect((await execute(webhook.id)).statusCode).toBe(400);
    const { id } = await server.createTrigger();
    expect((await execute(id, '{"a":')).statusCode).toBe(400);
    await server.ask('POST', `function-triggers/${id}/stop`);
    expect((await execute(id, '{"a":')).statusCode).toBe(400);
    expect((await execute(id)).statusCode).toBe(409);
  });

  it('ends as failed when the function does not exist', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger();
    const jobId = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
    const settled = async () => {
      for (;;) {
        const job = (await server.ask('GET', `jobs/${jobId}`)).json();
        if (job.finishedAt) return job;
      }
    };
    expect(await settled()).toMatchObject({ status: 'failed', error: 'function not found' });
  });
});
