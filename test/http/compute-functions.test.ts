import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toFunction } from '../../src/http/routes/function-wire.ts';
import { functionDefinition, now } from '../domain/examples.ts';
import { startServer } from './server-under-test.ts';

const valid = { name: 'notify', type: 'http', url: 'https://example.org/hook' };

describe('a function', () => {
  it('is created with defaults and shows its new secret once', async () => {
    await using server = await startServer();
    const created = await server.ask('POST', 'compute-functions', { payload: valid });
    expect(created.statusCode).toBe(201);
    const { signingSecret, ...fn } = created.json();
    expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(fn).toMatchObject({ ...valid, workspaceSlug: 'acme', createdBy: 'ann', version: 1 });
    const read = await server.ask('GET', `compute-functions/${fn.id}`);
    expect(read.json()).toEqual(fn);
    const list = (await server.ask('GET', 'compute-functions')).json();
    expect(list).toEqual({ functions: [fn], next: null });
    const log = JSON.stringify(await server.events());
    expect(log).not.toContain(signingSecret.slice(6));
  });

  it('keeps a secret that is given, and replaces it with 24 hours of overlap', async () => {
    await using server = await startServer();
    const signingSecret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const fn = await server.createFunction({ signingSecret });
    expect(fn.signingSecret).toBe(signingSecret);
    const rotated = (await server.ask('POST', `compute-functions/${fn.id}/rotate-secret`)).json();
    expect(rotated.signingSecret).not.toBe(signingSecret);
    expect(rotated.version).toBe(2);
    const overlap = Date.parse(rotated.previousSecretUntil) - Date.parse(rotated.updatedAt);
    expect(Math.abs(overlap - 86_400_000)).toBeLessThan(60_000);
    const set = await server.ask('PUT', `compute-functions/${fn.id}`, {
      payload: { signingSecret },
    });
    expect(set.json().signingSecret).toBe(signingSecret);
    const { id } = await server.createTrigger({ functionId: fn.id });
    await server.ask('POST', `function-triggers/${id}/execute`);
    expect(server.calls[0]?.headers['webhook-signature']?.split(' ').length).toBe(2);
  });

  it('is changed member by member', async () => {
    await using server = await startServer();
    const { signingSecret: _, ...fn } = await server.createFunction({ retry: { maxAttempts: 2 } });
    const changes = { url: 'http://other.example/x', timeoutMs: 500, description: 'now slower' };
    const changed = await server.ask('PUT', `compute-functions/${fn.id}`, {
      payload: { ...fn, ...changes },
    });
    expect(changed.statusCode).toBe(200);
    const { updatedAt: __, ...expected } = { ...fn, ...changes, version: 2 };
    expect(changed.json()).toMatchObject(expected);
    expect(changed.headers.etag).toBe('"1"');
  });

  it('says which members with the event it is sent, and is sent those, signed', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    expect(fn.send).toBe('both');
    const trigger = { executionType: 'event', triggerMetadata: { eventType: 'paid' } };
    await server.createTrigger({ functionId: fn.id, ...trigger });
    const sentFor = async (send: string) => {
      const payload = { send };
      const changed = await server.ask('PUT', `compute-functions/${fn.id}`, { payload });
      expect(changed.json().send).toBe(send);
      const published = { event_type: 'paid', source: 'shop', data: { for: send } };
      await server.ask('POST', 'events', { payload: published });
      await expect.poll(() => String(server.calls.at(-1)?.body)).toContain(`"for":"${send}"`);
      const call = server.calls.at(-1);
      const { headers = {}, body } = call ?? {};
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const key = Buffer.from(fn.signingSecret.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      return Object.keys(JSON.parse(String(body)));
    };
    expect(await sentFor('event')).not.toContain('executionParams');
    expect(await sentFor('executionParams')).not.toContain('event');
    expect(await sentFor('both')).toEqual(expect.arrayContaining(['executionParams', 'event']));
  });

  it('of an earlier release is shown to be sent both', () => {
    const owned = { createdBy: 'user:ann', createdAt: now, updatedBy: 'user:ann', updatedAt: now };
    const entry = { ...functionDefinition, ...owned, workspace: 'acme', version: 1, revision: 0 };
    expect(toFunction({ entity: 'function', ...entry }).send).toBe('both');
  });

  it('is deleted for good, and its name is free again', async () => {
    await using server = await startServer();
    const { id } = await server.createFunction({ name: 'mine' });
    const taken = await server.ask('POST', 'compute-functions', {
      payload: { ...valid, name: 'mine' },
    });
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'name_taken']);
    expect((await server.ask('DELETE', `compute-functions/${id}`)).statusCode).toBe(200);
    expect((await server.ask('GET', `compute-functions/${id}`)).statusCode).toBe(404);
    expect((await server.ask('DELETE', `compute-functions/${id}`)).statusCode).toBe(404);
    expect((await server.createFunction({ name: 'mine' })).name).toBe('mine');
  });

  it.each([
    ['url', { ...valid, url: 'ftp://example.org' }],
    ['url', { ...valid, url: 'not a url' }],
    ['url', { ...valid, url: 'https://user:pass@example.org' }],
    ['url', { ...valid, url: undefined }],
    ['type', { ...valid, type: 'lambda' }],
    ['name', { ...valid, name: '' }],
    ['timeoutMs', { ...valid, timeoutMs: 0 }],
    ['timeoutMs', { ...valid, timeoutMs: 1.5 }],
    ['concurrency', { ...valid, concurrency: 'many' }],
    ['retry.maxAttempts', { ...valid, retry: { maxAttempts: 0 } }],
    ['send', { ...valid, send: 'payload' }],
    ['retry.forever', { ...valid, retry: { forever: true } }],
    ['signingSecret', { ...valid, signingSecret: 'short' }],
    ['signingSecret', { ...valid, signingSecret: 'whsec_AAAA' }],
    ['colour', { ...valid, colour: 'blue' }],
  ])('with a bad %s is 400 and names it', async (field, payload) => {
    await using server = await startServer();
    const answer = await server.ask('POST', 'compute-functions', { payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().details.map((detail: { field: string }) => detail.field)).toContain(field);
    expect(answer.body).not.toContain('pass@');
    expect(await server.events()).toEqual([]);
  });
});
