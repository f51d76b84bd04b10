import { describe, expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const triggersOf = async (server: ServerUnderTest) =>
  (await server.ask('GET', 'function-triggers')).json().triggers;

describe('the system default trigger', () => {
  it('comes with the first authorised request, once, however many come at once', async () => {
    await using server = await startServer();
    const lists = await Promise.all(Array.from({ length: 10 }, () => triggersOf(server)));
    expect(new Set(lists.map((list) => list[0].id)).size).toBe(1);
    const [trigger, ...others] = await triggersOf(server);
    expect(others).toEqual([]);
    expect(trigger).toMatchObject({
      executionType: 'on-demand',
      isSystem: true,
      status: 'active',
      workspaceSlug: 'acme',
      createdBy: 'system:workspaces',
    });
  });

  it('does not come with a request that is not authorised', async () => {
    await using server = await startServer();
    const headers = { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` };
    await server.ask('GET', 'function-triggers', { headers });
    await server.ask('GET', 'function-triggers', { headers: { authorization: 'Bearer x' } });
    expect(server.engine.registry.triggersOf('acme')).toEqual([]);
  });

  it('cannot be changed or deleted, whatever the body says', async () => {
    await using server = await startServer();
    const [{ id }] = await triggersOf(server);
    for (const payload of [{ name: 'mine now' }, { nonsense: 1 }]) {
      const answer = await server.ask('PUT', `function-triggers/${id}`, { payload });
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
    }
    expect((await server.ask('DELETE', `function-triggers/${id}`)).statusCode).toBe(403);
    expect(await triggersOf(server)).toHaveLength(1);
  });

  it('can be stopped, started and executed', async () => {
    await using server = await startServer();
    const [{ id }] = await triggersOf(server);
    for (const [step, status] of [
      ['stop', 'stopped'],
      ['start', 'active'],
    ]) {
      const answer = await server.ask('POST', `function-triggers/${id}/${step}`);
      expect(answer.json().status).toBe(status);
    }
    const job = await server.ask('POST', `function-triggers/${id}/execute`, { payload: {} });
    expect(job.statusCode).toBe(200);
  });

  it('is made good where the store failed the first time; the request goes on', async () => {
    const broken = { now: true };
    const around = (store: EventStore): EventStore => ({
      ...store,
      append: async (...given) => {
        if (broken.now) throw new TriplineError('store-unavailable', 'away');
        return await store.append(...given);
      },
    });
    await using server = await startServer({ around });
    expect((await server.ask('GET', 'function-triggers')).json().total).toBe(0);
    broken.now = false;
    expect((await server.ask('GET', 'function-triggers')).json().total).toBe(1);
  });
});
