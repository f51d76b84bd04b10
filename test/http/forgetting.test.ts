import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { payloadExpiryAddress } from '../../src/actors/addresses.ts';
import { isFact } from '../../src/domain/events.ts';
import type { ExpirePayloads } from '../../src/domain/expiry/decider.ts';
import { beginning } from '../../src/domain/position.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const delivered = async (server: ServerUnderTest, payload = 'a secret') => {
  await server.createTrigger({ executionType: 'webhook', triggerMetadata: { path: '/in' } });
  return (await server.deliver('in', { payload })).json().event_id as string;
};

const forget = (server: ServerUnderTest, id: string, payload?: object) =>
  server.ask('POST', `events/${id}/forget`, payload && { payload });

const factsOf = async (server: ServerUnderTest) =>
  (await server.events()).filter((event) => isFact(event, 'PayloadForgotten'));

describe('forgetting the body of an event', () => {
  it('says who, when and why, there and where the event is read', async () => {
    await using server = await startServer();
    const id = await delivered(server);
    const answer = await forget(server, id, { reason: 'Art. 17' });
    expect(answer.statusCode).toBe(200);
    const { forgotten } = answer.json();
    expect(answer.json()).toEqual({
      id,
      forgotten: { at: expect.stringMatching(/Z$/), by: 'ann', reason: 'Art. 17' },
    });
    const event = (await server.ask('GET', `events/${id}`)).json();
    expect(event).toMatchObject({ id, body: null, forgotten });
    const [fact] = await factsOf(server);
    expect(fact).toMatchObject({
      metadata: { workspace: 'acme', actor: 'user:ann', occurredAt: forgotten.at },
      data: { arrivalId: id, reason: 'Art. 17' },
    });
    const { events } = (await server.ask('GET', 'audit?type=PayloadForgotten')).json();
    expect(events).toHaveLength(1);
  });

  it('is told of no event that has its body', async () => {
    await using server = await startServer();
    const id = await delivered(server);
    const event = (await server.ask('GET', `events/${id}`)).json();
    expect(event).toMatchObject({ body: { content: 'a secret' }, forgotten: null });
  });

  it('happens once, however often it is asked for', async () => {
    await using server = await startServer();
    const id = await delivered(server);
    const first = (await forget(server, id)).json();
    const second = await forget(server, id, { reason: 'again' });
    expect(second.json()).toEqual(first);
    expect(second.statusCode).toBe(200);
    expect(await factsOf(server)).toHaveLength(1);
  });

  it('leaves a redelivery a duplicate that calls nothing', async () => {
    await using server = await startServer();
    await server.createTrigger({
      executionType: 'webhook',
      triggerMetadata: { path: '/in', deduplication: { header: 'x-id' } },
    });
    const send = () => server.deliver('in', { payload: 'x', headers: { 'x-id': '1' } });
    const { event_id } = (await send()).json();
    await forget(server, event_id);
    const again = await send();
    expect(again.json()).toEqual({ status: 'accepted', event_id, duplicate: true });
    const event = (await server.ask('GET', `events/${event_id}`)).json();
    expect(event).toMatchObject({ body: null, repeats: [{ sameBody: true }] });
    expect(event.outcomes).toHaveLength(1);
  });

  it('leaves nothing in the log that a guess could be tried on', async () => {
    await using server = await startServer();
    const payload = '{"pin":"sheep"}';
    const id = await delivered(server, payload);
    const trigger = await server.createTrigger();
    const headers = { 'content-type': 'application/json' };
    await server.ask('POST', `function-triggers/${trigger.id}/execute`, { payload, headers });
    await forget(server, id);
    const log = JSON.stringify(await server.events());
    const digest = createHash('sha256').update(payload).digest();
    expect(log).not.toContain(digest.toString('hex'));
    expect(log).not.toContain(digest.toString('base64'));
    expect(log).not.toContain('sheep');
  });

  it('wants the right to, and an event of this workspace', async () => {
    await using server = await startServer();
    const id = await delivered(server);
    const authorization = async (claims: object) => ({
      headers: { authorization: `Bearer ${await tokenOf(claims)}` },
    });
    const others = {
      'function-triggers': ['write'],
      events: ['read', 'write'],
      payloads: ['read'],
    };
    const refused = await server.ask(
      'POST',
      `events/${id}/forget`,
      await authorization({ permissions: others }),
    );
    expect(refused.statusCode).toBe(403);
    const allowed = await authorization({ permissions: { payloads: ['write'] } });
    expect((await server.ask('POST', `events/${id}/forget`, allowed)).statusCode).toBe(200);
    const elsewhere = await server.http.inject({
      method: 'POST',
      url: `/workspace/other/api/v1/events/${id}/forget`,
      ...(await authorization({ workspace: 'other' })),
    });
    expect(elsewhere.statusCode).toBe(404);
    expect((await forget(server, 'nothing')).statusCode).toBe(404);
    expect((await forget(server, id, { why: 'x' })).statusCode).toBe(400);
  });

  it('finds what a program published by the id that it gave it', async () => {
    await using server = await startServer();
    const payload = { event_type: 'paid', event_id: 'bill-1', data: { total: 3 } };
    await server.ask('POST', 'events', { payload });
    expect((await forget(server, 'bill-1')).statusCode).toBe(200);
    expect((await server.ask('GET', 'events/bill-1')).json()).toMatchObject({ body: null });
  });

  it('is refused where the store keeps it in the record, and then not recorded', async () => {
    await using server = await startServer({
      around: (store) => ({
        ...store,
        readPayloads: async (...asked) =>
          (await store.readPayloads(...asked)).map(
            (part) => part && { ...part, forgettable: false },
          ),
      }),
    });
    const id = await delivered(server);
    const answer = await forget(server, id);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'payload_not_forgettable' });
    expect(await factsOf(server)).toEqual([]);
    const event = (await server.ask('GET', `events/${id}`)).json();
    expect(event).toMatchObject({ body: { content: 'a secret' }, forgotten: null });
  });
});

describe('an event whose body was let go because of its age', () => {
  it('says since when, and by what', async () => {
    await using server = await startServer();
    const [old, young] = [await delivered(server), await delivered(server)];
    const at = async (id: string) => (await server.ask('GET', `events/${id}`)).json();
    const { position } = await at(old);
    const command = { type: 'ExpirePayloads', after: '', upTo: position, kept: [], also: [] };
    const { position: recorded } = await server.actors.ask(
      payloadExpiryAddress(),
      command as ExpirePayloads,
      {
        workspace: '$system',
        actor: 'system:retention',
        occurredAt: '2026-11-30T00:00:00.000Z',
        $correlationId: 'payload-expiry',
      },
    );
    await server.engine.reached(recorded ?? beginning);
    await expect.poll(async () => (await at(old)).body).toBeNull();
    expect((await at(old)).forgotten).toEqual({
      at: '2026-11-30T00:00:00.000Z',
      by: 'system:retention',
      reason: 'its age',
    });
    expect(await at(young)).toMatchObject({ body: { content: 'a secret' }, forgotten: null });
  });
});
