import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const nowhere = '11111111-aaaa-zzzz-2222-333344445555';

const names = (answer: { json(): { triggers: readonly { name: string }[] } }) =>
  answer.json().triggers.map(({ name }) => name);

const remove = (server: ServerUnderTest, id: string, query = '', headers = {}) =>
  server.ask('DELETE', `compute-functions/${id}${query}`, { headers });

const healthOf = async (server: ServerUnderTest, id: string) => {
  const answer = await server.http.inject({ url: `/health?trigger_id=${id}` });
  return [answer.statusCode, answer.json()];
};

describe('deleting a function that triggers use', () => {
  it('is refused, whatever their status, and names them', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    const first = await server.createTrigger({ name: 'first', functionId: fn.id });
    const second = await server.createTrigger({ name: 'second', functionId: fn.id });
    await server.ask('POST', `function-triggers/${second.id}/stop`);
    const answer = await remove(server, fn.id);
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'function_in_use']);
    for (const text of ['"first"', first.id, '"second"', second.id, 'force=true'])
      expect(answer.json().detail).toContain(text);
    expect((await server.ask('GET', `compute-functions/${fn.id}`)).statusCode).toBe(200);
    for (const { id } of [first, second]) await server.ask('DELETE', `function-triggers/${id}`);
    expect((await remove(server, fn.id)).statusCode).toBe(200);
  });

  it('names a few of many', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    for (let n = 0; n < 12; n += 1)
      await server.createTrigger({ name: `t${n}`, functionId: fn.id });
    const { detail } = (await remove(server, fn.id)).json();
    expect(detail).toContain('and 2 more');
    expect(detail.match(/"t\d+"/g)).toHaveLength(10);
  });

  it('is no business of another workspace', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    const authorization = `Bearer ${await tokenOf({ workspace: 'other' })}`;
    await server.ask('POST', '/workspace/other/api/v1/function-triggers', {
      payload: { name: 'theirs', functionId: fn.id, executionType: 'on-demand' },
      headers: { authorization },
    });
    expect((await remove(server, fn.id)).statusCode).toBe(200);
  });

  it('on a stale revision is 412 all the same', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    await server.createTrigger({ functionId: fn.id });
    expect((await remove(server, fn.id, '', { 'if-match': '"7"' })).statusCode).toBe(412);
    expect((await remove(server, fn.id, '?force=true', { 'if-match': '"7"' })).statusCode).toBe(
      412,
    );
    expect((await remove(server, fn.id, '?force=yes')).statusCode).toBe(400);
    expect((await remove(server, fn.id, '?forced=true')).statusCode).toBe(400);
  });

  it('with force leaves them broken for all to see, until they get another', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    const other = await server.createFunction();
    const { id } = await server.createTrigger({ name: 'orphan', functionId: fn.id });
    await server.createTrigger({ name: 'whole', functionId: other.id });
    expect(await healthOf(server, id)).toMatchObject([200, { status: 'healthy' }]);
    expect((await remove(server, fn.id, '?force=true')).statusCode).toBe(200);

    const reason = `there is no function ${fn.id}`;
    const shown = (await server.ask('GET', `function-triggers/${id}`)).json();
    expect(shown).toMatchObject({ status: 'active', broken: reason });
    expect(shown.warnings[0]).toContain(reason);
    expect(await healthOf(server, id)).toEqual([
      503,
      { status: 'broken', trigger_id: id, queue_size: 0, reason },
    ]);
    const listed = (query: string) => server.ask('GET', `function-triggers?${query}`);
    expect(names(await listed('broken=true'))).toEqual(['orphan']);
    expect(names(await listed('broken=false'))).toEqual(['System default trigger', 'whole']);
    expect((await listed('broken=maybe')).statusCode).toBe(400);
    await server.ask('POST', `function-triggers/${id}/stop`);
    const [, stopped] = await healthOf(server, id);
    expect(stopped).toMatchObject({ status: 'stopped', reason: `stopped by ann; ${reason}` });
    await server.ask('POST', `function-triggers/${id}/start`);

    const mended = await server.ask('PATCH', `function-triggers/${id}`, {
      payload: { functionId: other.id },
    });
    expect(mended.json()).not.toHaveProperty('broken');
    expect(mended.json()).not.toHaveProperty('warnings');
    expect(await healthOf(server, id)).toMatchObject([200, { status: 'healthy' }]);
    expect(names(await listed('broken=true'))).toEqual([]);
  });
});

describe('a trigger on a function that does not exist', () => {
  it('is made all the same, and its answer says so however it was made', async () => {
    await using server = await startServer();
    const payload = { name: 'early', functionId: nowhere, executionType: 'on-demand' };
    const headers = { 'idempotency-key': 'once' };
    const create = () => server.ask('POST', 'function-triggers', { payload, headers });
    const created = await create();
    const warnings = [`there is no function ${nowhere}: what it takes ends dead`];
    expect([created.statusCode, created.json().warnings]).toEqual([201, warnings]);
    expect((await create()).json()).toEqual(created.json());
    const { id } = created.json();
    const got = (await server.ask('GET', `function-triggers/${id}`)).json();
    expect(got).toEqual(created.json());
    const put = await server.ask('PUT', `function-triggers/${id}`, { payload: got });
    expect([put.statusCode, put.json().warnings]).toEqual([200, warnings]);

    const drafted = await server.ask('POST', 'function-triggers/drafts', {
      payload: { ...payload, name: 'drafted' },
    });
    const { id: draft, warnings: ofDraft } = drafted.json();
    expect(ofDraft).toEqual([`there is no function ${nowhere}`]);
    const at = `function-triggers/drafts/${draft}`;
    const saved = await server.ask('PUT', at, { payload: drafted.json() });
    expect([saved.statusCode, saved.json().warnings]).toEqual([200, ofDraft]);
    const published = await server.ask('POST', `function-triggers/${draft}/publish`);
    expect([published.statusCode, published.json().warnings]).toEqual([201, warnings]);
  });

  it('of another workspace is on none', async () => {
    await using server = await startServer();
    const authorization = `Bearer ${await tokenOf({ workspace: 'other' })}`;
    const theirs = await server.ask('POST', '/workspace/other/api/v1/compute-functions', {
      payload: { name: 'theirs', type: 'http', url: 'https://example.org' },
      headers: { authorization },
    });
    const { broken } = await server.createTrigger({ functionId: theirs.json().id });
    expect(broken).toBe(`there is no function ${theirs.json().id}`);
  });
});

describe('changing the function of a trigger', () => {
  const patch = (server: ServerUnderTest, id: string, payload: object, headers = {}) =>
    server.ask('PATCH', `function-triggers/${id}`, { payload, headers });

  it('is a new version; what comes from then on goes to the new one', async () => {
    await using server = await startServer();
    const [before, after] = [
      await server.createFunction({ url: 'https://before.example/' }),
      await server.createFunction({ url: 'https://after.example/' }),
    ];
    const { id } = await server.createTrigger({ functionId: before.id });
    const answer = await patch(server, id, { functionId: after.id, description: 'moved' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.etag).toBe('"1"');
    expect(answer.json()).toMatchObject({ functionId: after.id, version: 2, description: 'moved' });
    expect(answer.json()).not.toHaveProperty('warnings');
    await server.ask('POST', `function-triggers/${id}/execute`);
    await expect.poll(() => server.calls.map(({ url }) => url)).toEqual(['https://after.example/']);
    const { versions } = (await server.ask('GET', `function-triggers/${id}/versions`)).json();
    expect(versions.map(({ functionId }: { functionId: string }) => functionId)).toEqual([
      before.id,
      after.id,
    ]);
    expect((await remove(server, before.id)).statusCode).toBe(200);
  });

  it('takes a merge patch, and what may not be changed is refused', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger();
    const merge = { 'content-type': 'application/merge-patch+json' };
    const removed = await patch(server, id, { description: null }, merge);
    expect(removed.statusCode).toBe(200);
    for (const payload of [
      { functionId: null },
      { functionId: 'x' },
      { functionId: '' },
      { executionType: 'webhook' },
      { name: null },
    ])
      expect((await patch(server, id, payload)).statusCode).toBe(400);
    expect(
      (await patch(server, id, { functionId: nowhere }, { 'if-match': '"0"' })).statusCode,
    ).toBe(412);
    const [system] = (await server.ask('GET', 'function-triggers')).json().triggers;
    expect((await patch(server, system.id, { functionId: nowhere })).statusCode).toBe(403);
    expect((await patch(server, nowhere, { functionId: nowhere })).statusCode).toBe(404);
    const moved = await patch(server, id, { functionId: nowhere });
    expect(moved.json().warnings).toEqual([
      `there is no function ${nowhere}: what it takes ends dead`,
    ]);
  });

  it('warns where order by key begins anew with it', async () => {
    await using server = await startServer();
    const [one, two] = [await server.createFunction(), await server.createFunction()];
    const { id } = await server.createTrigger({
      functionId: one.id,
      executionType: 'webhook',
      triggerMetadata: { path: '/in', orderingKey: { pointer: '/id' } },
    });
    const [warning, ...others] = (await patch(server, id, { functionId: two.id })).json().warnings;
    expect(others).toEqual([]);
    expect(warning).toContain('order by key and the limit of what runs at once begin anew');
    expect((await patch(server, id, { functionId: two.id })).json()).not.toHaveProperty('warnings');
    expect((await patch(server, id, { functionId: nowhere })).json().warnings).toHaveLength(2);
  });
});
