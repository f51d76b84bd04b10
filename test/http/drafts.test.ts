import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const functionId = '11111111-aaaa-zzzz-2222-333344445555';
const whole = { name: 'mine', functionId, executionType: 'on-demand' };
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const at = 'function-triggers/drafts';

const draftOf = async (server: ServerUnderTest, payload: object) => {
  const answer = await server.ask('POST', at, { payload });
  expect(answer.statusCode).toBe(201);
  return answer.json();
};
const publish = (server: ServerUnderTest, id: string) =>
  server.ask('POST', `function-triggers/${id}/publish`);

describe('a draft', () => {
  it('may be incomplete, has an id that is no UUID, and is no trigger', async () => {
    await using server = await startServer();
    const draft = await draftOf(server, { name: 'half done' });
    expect(draft.id).toMatch(/^draft-/);
    expect(draft.id).not.toMatch(uuid);
    expect(draft).toMatchObject({ name: 'half done', workspaceSlug: 'acme', createdBy: 'ann' });
    const { triggers } = (await server.ask('GET', 'function-triggers')).json();
    expect(triggers.map(({ name }: { name: string }) => name)).not.toContain('half done');
    for (const path of ['', '/execute', '/stop', '/versions']) {
      const method = path === '' || path === '/versions' ? 'GET' : 'POST';
      const answer = await server.ask(method, `function-triggers/${draft.id}${path}`);
      expect([path, answer.statusCode]).toEqual([path, 404]);
    }
    expect((await server.ask('GET', `${at}/${draft.id}`)).json()).toEqual(draft);
    expect((await server.ask('GET', at)).json()).toEqual({ drafts: [draft], next: null });
  });

  it.each([
    ['name', { name: 7 }],
    ['functionId', { functionId: 'x' }],
    ['executionType', { executionType: 'sometimes' }],
    ['executionType', { triggerMetadata: { path: '/in' } }],
    ['colour', { colour: 'blue' }],
    ['triggerMetadata.path', { executionType: 'webhook', triggerMetadata: { path: 7 } }],
    ['triggerMetadata.paht', { executionType: 'webhook', triggerMetadata: { paht: '/in' } }],
    [
      'triggerMetadata.params.k',
      {
        executionType: 'on-demand',
        triggerMetadata: { params: { k: { value: 'AAAA', encrypted: true, keyVersion: 1 } } },
      },
    ],
  ])('is refused where %s is wrong, and nothing is recorded', async (field, payload) => {
    await using server = await startServer();
    const answer = await server.ask('POST', at, { payload });
    expect(answer.statusCode).toBe(400);
    const fields = answer.json().details.map((detail: { field: string }) => detail.field);
    expect(fields).toContain(field);
    const facts = (await server.events()).map(({ type }) => type);
    expect(facts).not.toContain('DraftSaved');
  });

  it('takes new content as a whole, also what GET gave, and can be discarded', async () => {
    await using server = await startServer();
    const draft = await draftOf(server, { ...whole, description: 'why' });
    const same = await server.ask('PUT', `${at}/${draft.id}`, { payload: draft });
    expect(same.json()).toEqual({ ...draft, updatedAt: same.json().updatedAt });
    const less = await server.ask('PUT', `${at}/${draft.id}`, { payload: { name: 'other' } });
    expect(less.json()).not.toHaveProperty('functionId');
    const late = await server.ask('PUT', `${at}/${draft.id}`, {
      payload: {},
      headers: { 'if-match': '"0"' },
    });
    expect(late.statusCode).toBe(412);
    expect((await server.ask('DELETE', `${at}/${draft.id}`)).statusCode).toBe(200);
    expect((await server.ask('DELETE', `${at}/${draft.id}`)).statusCode).toBe(404);
    expect((await publish(server, draft.id)).statusCode).toBe(404);
  });

  it('of another workspace does not exist', async () => {
    await using server = await startServer();
    const { id } = await draftOf(server, whole);
    const headers = { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` };
    for (const path of [`drafts/${id}`, `${id}/publish`]) {
      const method = path.endsWith('publish') ? 'POST' : 'GET';
      const url = `/workspace/other/api/v1/function-triggers/${path}`;
      expect((await server.http.inject({ method, url, headers })).statusCode).toBe(404);
    }
  });
});

describe('publishing a draft', () => {
  it('makes a trigger with a new UUID and uses the draft up', async () => {
    await using server = await startServer();
    const draft = await draftOf(server, { ...whole, triggerMetadata: { params: { a: 1 } } });
    const answer = await publish(server, draft.id);
    expect(answer.statusCode).toBe(201);
    const trigger = answer.json();
    expect(trigger.id).toMatch(uuid);
    expect(trigger).toMatchObject({
      ...whole,
      triggerMetadata: { params: { a: 1 } },
      workspaceSlug: 'acme',
      status: 'active',
      version: 1,
    });
    expect((await server.ask('GET', `function-triggers/${trigger.id}`)).json()).toEqual(trigger);
    expect((await publish(server, draft.id)).statusCode).toBe(404);
    expect((await server.ask('GET', `${at}/${draft.id}`)).statusCode).toBe(404);
  });

  it('names everything that is missing', async () => {
    await using server = await startServer();
    const fieldsOf = async (payload: object) => {
      const answer = await publish(server, (await draftOf(server, payload)).id);
      expect(answer.statusCode).toBe(400);
      return answer.json().details.map(({ field }: { field: string }) => field);
    };
    expect(await fieldsOf({})).toEqual(['name', 'functionId', 'executionType']);
    expect(await fieldsOf({ executionType: 'webhook' })).toEqual([
      'name',
      'functionId',
      'triggerMetadata.path',
    ]);
    const { id } = await draftOf(server, { name: 'later', executionType: 'on-demand' });
    expect((await publish(server, id)).statusCode).toBe(400);
    await server.ask('PUT', `${at}/${id}`, { payload: { ...whole, name: 'later' } });
    expect((await publish(server, id)).statusCode).toBe(201);
  });

  it('leaves the draft as it is where name or path is taken', async () => {
    await using server = await startServer();
    const webhook = { executionType: 'webhook', triggerMetadata: { path: '/in' } };
    const first = await server.createTrigger({ ...whole, ...webhook });
    const { id } = await draftOf(server, whole);
    const taken = await publish(server, id);
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'name_taken']);
    const other = await draftOf(server, { ...whole, ...webhook, name: 'other' });
    const path = await publish(server, other.id);
    expect([path.statusCode, path.json().code]).toEqual([409, 'path_taken']);
    await server.ask('DELETE', `function-triggers/${first.id}`);
    expect((await publish(server, id)).statusCode).toBe(201);
    expect((await publish(server, other.id)).statusCode).toBe(201);
  });

  it('succeeds for one of ten that do it at once', async () => {
    await using server = await startServer();
    const { id } = await draftOf(server, whole);
    const answers = await Promise.all(Array.from({ length: 10 }, () => publish(server, id)));
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, ...Array<number>(9).fill(404)]);
  });

  it('gives one name to one of ten drafts that want it', async () => {
    await using server = await startServer();
    const drafts = await Promise.all(Array.from({ length: 10 }, () => draftOf(server, whole)));
    const answers = await Promise.all(drafts.map(({ id }) => publish(server, id)));
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, ...Array<number>(9).fill(409)]);
    expect((await server.ask('GET', at)).json().drafts).toHaveLength(9);
  });

  it('keeps secrets sealed all the way, each for its own owner', async () => {
    await using server = await startServer();
    const hmac = { secret: 'canary-one' };
    const params = { key: { value: { deep: 'canary-two' }, encrypt: true } };
    const draft = await draftOf(server, {
      ...whole,
      executionType: 'webhook',
      triggerMetadata: { path: '/in', hmac, params },
    });
    expect(draft.triggerMetadata.hmac.secret).toMatchObject({ encrypted: true, keyVersion: 1 });
    const kept = await server.ask('PUT', `${at}/${draft.id}`, { payload: draft });
    expect(kept.json().triggerMetadata).toEqual(draft.triggerMetadata);
    const trigger = (await publish(server, draft.id)).json();
    expect(trigger.triggerMetadata.params.key.value).not.toBe(
      draft.triggerMetadata.params.key.value,
    );
    const opened = server.sealing.open(trigger.triggerMetadata.params.key, [
      'acme',
      trigger.id,
      'params.key',
    ]);
    expect(opened).toEqual({ deep: 'canary-two' });
    const everything = [draft, trigger, await server.events(), server.logged];
    expect(JSON.stringify(everything)).not.toContain('canary');
  });
});
