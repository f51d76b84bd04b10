import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/targets/target.ts';
import { recordEvents } from '../../src/triggers/record-events.ts';
import { hang, type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const bodyOf = (call: Call | undefined) => JSON.parse(String(call?.body));

/** Everything that has been set off so far has come to its calls. */
const settle = async ({ events }: ServerUnderTest) => {
  let seen = -1;
  for (let still = 0; still < 5; still += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const { length } = await events();
    if (length !== seen) still = 0;
    seen = length;
  }
};

const listening = async (server: ServerUnderTest, executionType: string, triggerMetadata: object) =>
  server.createTrigger({
    functionId: (await server.createFunction()).id,
    executionType,
    triggerMetadata,
  });

const publish = (server: ServerUnderTest, payload: unknown, where = 'events') =>
  server.ask('POST', where, {
    headers: { 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

const outcomesOf = async (server: ServerUnderTest, eventId: string) => {
  await settle(server);
  const { outcomes } = (await server.ask('GET', `events/${eventId}`)).json();
  return outcomes.map(({ triggerId, outcome }: { triggerId: string; outcome: string }) => [
    triggerId,
    outcome,
  ]);
};

const order = {
  event: 'record_created',
  recordSlug: 'orders',
  recordId: 'rec-123',
  data: { total: 7 },
  timestamp: '2025-01-15T10:30:00.000Z',
};

describe('a record event', () => {
  it('calls the functions of triggers with its event and record slug, with exactly six members', async () => {
    await using server = await startServer();
    const trigger = await listening(server, 'event-driven', {
      event: 'record_created',
      recordSlug: 'orders',
      params: { a: 1 },
    });
    await listening(server, 'event-driven', { event: 'record_updated', recordSlug: 'orders' });
    await listening(server, 'event-driven', { event: 'record_created', recordSlug: 'customers' });
    const answer = await publish(server, order);
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { status: 'accepted', event_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
    await settle(server);
    expect(server.calls).toHaveLength(1);
    const body = bodyOf(server.calls[0]);
    expect(body).toMatchObject({
      triggerId: trigger.id,
      executionType: 'event-driven',
      triggerParams: { a: 1 },
    });
    expect(body.executionParams).toEqual({ ...order, workspaceSlug: 'acme' });
    expect(body).not.toHaveProperty('event');
  });

  it('can be any of the eight', async () => {
    await using server = await startServer();
    for (const event of recordEvents) {
      await listening(server, 'event-driven', { event, recordSlug: 'orders' });
      expect((await publish(server, { ...order, event })).statusCode).toBe(202);
    }
    await settle(server);
    expect(server.calls.map((call) => bodyOf(call).executionParams.event).toSorted()).toEqual(
      recordEvents.toSorted(),
    );
  });

  it('has the time it was taken where it says none', async () => {
    await using server = await startServer();
    await listening(server, 'event-driven', { event: 'record_created', recordSlug: 'orders' });
    const { timestamp: _, ...timeless } = order;
    await publish(server, timeless);
    await settle(server);
    const { timestamp } = bodyOf(server.calls[0]).executionParams;
    expect(new Date(timestamp).toISOString()).toBe(timestamp);
  });

  it('may name the workspace, if it is that of the URL', async () => {
    await using server = await startServer();
    expect((await publish(server, { ...order, workspaceSlug: 'acme' })).statusCode).toBe(202);
    const refused = await publish(server, { ...order, workspaceSlug: 'other' });
    expect([refused.statusCode, refused.json().details]).toEqual([
      400,
      [{ field: 'workspaceSlug', message: 'must be the workspace of the URL' }],
    ]);
  });
});

describe('a bus event', () => {
  it('calls the functions of triggers with its very type, from their source or from any', async () => {
    await using server = await startServer();
    const any = await listening(server, 'event', { eventType: 'task.completed' });
    const empty = await listening(server, 'event', {
      eventType: 'task.completed',
      eventSource: '',
    });
    const one = await listening(server, 'event', {
      eventType: 'task.completed',
      eventSource: 'pipeline',
    });
    await listening(server, 'event', { eventType: 'task.completed', eventSource: 'Pipeline' });
    await listening(server, 'event', { eventType: 'task.*' });
    await listening(server, 'event', { eventType: 'task' });
    await publish(server, { event_type: 'task.completed', source: 'pipeline', data: { n: 1 } });
    await settle(server);
    const called = () => server.calls.map((call) => bodyOf(call).triggerId).toSorted();
    expect(called()).toEqual([any.id, empty.id, one.id].toSorted());
    server.calls.length = 0;
    await publish(server, { event_type: 'task.completed' });
    await settle(server);
    expect(called()).toEqual([any.id, empty.id].toSorted());
  });

  it('is given as exactly four members, and as a trigger event', async () => {
    await using server = await startServer();
    const trigger = await listening(server, 'event', { eventType: 'a' });
    const sent = { event_type: 'a', source: 's', data: [1] };
    const { event_id } = (await publish(server, sent)).json();
    await settle(server);
    const body = bodyOf(server.calls[0]);
    const payload = { ...sent, event_id };
    expect(body.executionParams).toEqual(payload);
    expect(body.event).toEqual({
      trigger_id: trigger.id,
      trigger_type: 'event',
      event_id,
      timestamp: expect.stringMatching(/Z$/),
      payload,
      metadata: {},
    });
  });

  it('without source and data has null and {}', async () => {
    await using server = await startServer();
    await listening(server, 'event', { eventType: 'a' });
    await publish(server, { event_type: 'a', event_id: 'mine' });
    await settle(server);
    expect(bodyOf(server.calls[0]).executionParams).toEqual({
      event_type: 'a',
      event_id: 'mine',
      source: null,
      data: {},
    });
  });
});

describe('a message', () => {
  it('calls the functions of triggers whose pattern has its topic, and tells that topic', async () => {
    await using server = await startServer();
    const matching = await Promise.all(
      ['reports.daily', 'reports.*', 'reports.**', '**'].map((topic) =>
        listening(server, 'message', { topic }),
      ),
    );
    await listening(server, 'message', { topic: 'reports' });
    await listening(server, 'message', { topic: '*' });
    const sent = { topic: 'reports.daily', sender: 'generator', content: 'done' };
    const answer = await publish(server, sent, 'messages');
    expect(answer.statusCode).toBe(202);
    const { event_id, message_id, ...rest } = answer.json();
    expect([rest, message_id]).toEqual([{ status: 'accepted' }, event_id]);
    await settle(server);
    const ids = matching.map(({ id }) => id);
    expect(server.calls.map((call) => bodyOf(call).triggerId).toSorted()).toEqual(ids.toSorted());
    for (const call of server.calls) {
      const { executionParams, event } = bodyOf(call);
      expect(executionParams).toEqual({ ...sent, message_id });
      expect(event).toMatchObject({ trigger_type: 'message', event_id, metadata: {} });
      expect(event.payload).toEqual(executionParams);
    }
  });

  it('of which the publisher gave the id keeps it, beside the event’s own', async () => {
    await using server = await startServer();
    await listening(server, 'message', { topic: 'a' });
    const sent = { topic: 'a', content: null, message_id: 'm-1' };
    const answer = (await publish(server, sent, 'messages')).json();
    expect(answer).toEqual({
      status: 'accepted',
      message_id: 'm-1',
      event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    await settle(server);
    expect(bodyOf(server.calls[0])).toMatchObject({
      executionParams: { topic: 'a', message_id: 'm-1', sender: null, content: null },
      event: { event_id: answer.event_id },
    });
  });
});

describe('a trigger whose metadata changes', () => {
  it('listens at the new place from then on, and nowhere else', async () => {
    await using server = await startServer();
    const { id } = await listening(server, 'message', { topic: 'old.*' });
    const changed = await server.ask('PUT', `function-triggers/${id}`, {
      payload: { triggerMetadata: { topic: 'new.**' } },
    });
    expect(changed.json().triggerMetadata).toMatchObject({ topic: 'new.**', queueCapacity: 100 });
    for (const topic of ['old.a', 'new.a', 'new']) {
      await publish(server, { topic, content: null }, 'messages');
    }
    await settle(server);
    const topics = server.calls.map((call) => bodyOf(call).executionParams.topic);
    expect(topics).toEqual(['new.a', 'new']);
    const refused = await server.ask('PUT', `function-triggers/${id}`, {
      payload: { triggerMetadata: { topic: 'new.x*' } },
    });
    expect([refused.statusCode, refused.json().details[0].field]).toEqual([
      400,
      'triggerMetadata.topic',
    ]);
  });
});

describe('publishing', () => {
  it('takes what nobody listens to, and records it', async () => {
    await using server = await startServer();
    const { event_id } = (await publish(server, { event_type: 'unheard' })).json();
    const event = (await server.ask('GET', `events/${event_id}`)).json();
    expect(event).toMatchObject({ id: event_id, source: { kind: 'event' }, outcomes: [] });
    expect(JSON.parse(event.body.content).event_type).toBe('unheard');
  });

  it.each([
    ['events', { event_type: 'a', event_id: 'x' }, { event_type: 'b', event_id: 'x' }],
    ['events', { ...order, event_id: 'x' }, { event_type: 'b', event_id: 'x' }],
    [
      'messages',
      { topic: 'a', content: 1, message_id: 'x' },
      { topic: 'b', content: 2, message_id: 'x' },
    ],
  ])(
    'to %s with an id known in the workspace does nothing and says so',
    async (where, first, second) => {
      await using server = await startServer();
      await listening(server, 'event', { eventType: 'a' });
      await listening(server, 'event', { eventType: 'b' });
      await listening(server, 'message', { topic: '*' });
      const answer = await publish(server, first, where);
      await settle(server);
      const calls = server.calls.length;
      const repeated = await publish(server, first, where);
      const known = { ...answer.json(), duplicate: true };
      expect([repeated.statusCode, repeated.json()]).toEqual([202, known]);
      const refused = await publish(server, second, where);
      expect([refused.statusCode, refused.json().code]).toEqual([409, 'idempotency_key_reused']);
      await settle(server);
      expect(server.calls).toHaveLength(calls);
      const arrivals = (await server.events()).filter(({ type }) => type === 'EventArrived');
      expect(arrivals).toHaveLength(1);
      const { repeats } = (await server.ask('GET', `events/${answer.json().event_id}`)).json();
      expect(repeats.map(({ sameBody }: { sameBody: boolean }) => sameBody)).toEqual([true, false]);
    },
  );

  it.each([
    ['events', { event_type: 'a' }, { event_type: 'a', data: 2 }],
    ['messages', { topic: 'a', content: 1 }, { topic: 'a', content: 2 }],
  ])('to %s again with the same Idempotency-Key does nothing', async (where, payload, other) => {
    await using server = await startServer();
    const send = (body: object, key: string) =>
      server.ask('POST', where, { payload: body, headers: { 'idempotency-key': key } });
    const first = await send(payload, 'k');
    const again = await send(payload, 'k');
    expect([again.statusCode, again.json()]).toEqual([202, first.json()]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const mismatch = await send(other, 'k');
    expect([mismatch.statusCode, mismatch.json().code]).toEqual([422, 'idempotency_mismatch']);
    expect((await send(other, '')).statusCode).toBe(400);
    expect((await send(other, 'l')).json().event_id).not.toBe(first.json().event_id);
    const arrivals = (await server.events()).filter(({ type }) => type === 'EventArrived');
    expect(arrivals).toHaveLength(2);
  });

  it('with the same id is another event in another workspace, and a message is no event', async () => {
    await using server = await startServer();
    const token = await tokenOf({ workspaces: ['acme', 'other'] });
    const headers = { authorization: `Bearer ${token}` };
    for (const slug of ['acme', 'other']) {
      const payload = { event_type: 'a', event_id: 'x' };
      await server.ask('POST', `/workspace/${slug}/api/v1/events`, { headers, payload });
    }
    await publish(server, { topic: 'a', content: 1, message_id: 'x' }, 'messages');
    const arrivals = (await server.events()).filter(({ type }) => type === 'EventArrived');
    expect(arrivals).toHaveLength(3);
  });

  it('hands on data as it was written: long numbers, key order, __proto__, depth', async () => {
    await using server = await startServer();
    await listening(server, 'event', { eventType: 'a' });
    await listening(server, 'message', { topic: 'a' });
    const data =
      '{ "z":12345678901234567890, "a": 1.10,"__proto__":{"x":[1,"}\\"]"]},"\\u0061":2 }';
    expect((await publish(server, `{"event_type":"a", "data" : ${data} }`)).statusCode).toBe(202);
    await publish(server, `{"content":${data},"topic":"a"}`, 'messages');
    await settle(server);
    expect(server.calls).toHaveLength(2);
    for (const call of server.calls) expect(String(call.body)).toContain(data);
  });

  it.each([
    ['events', '', 'body'],
    ['events', 'nonsense', 'body'],
    ['events', '[]', 'body'],
    ['events', 'null', 'body'],
    ['events', {}, 'body'],
    ['events', { event: 'record_created', event_type: 'a' }, 'body'],
    ['events', { ...order, event: 'record_exploded' }, 'event'],
    ['events', { ...order, recordSlug: '' }, 'recordSlug'],
    ['events', { ...order, recordSlug: undefined }, 'recordSlug'],
    ['events', { ...order, recordId: undefined }, 'recordId'],
    ['events', { ...order, data: undefined }, 'data'],
    ['events', { ...order, timestamp: 'yesterday' }, 'timestamp'],
    ['events', { ...order, event_id: '' }, 'event_id'],
    ['events', { ...order, surprise: 1 }, 'surprise'],
    ['events', { event_type: 7 }, 'event_type'],
    ['events', { event_type: '' }, 'event_type'],
    ['events', { event_type: 'a', source: 7 }, 'source'],
    ['events', { event_type: 'a', event_id: 7 }, 'event_id'],
    ['events', '{"event_type":"a","__proto__":{}}', '__proto__'],
    ['events', `{"event_type":"a","data":${'['.repeat(40)}${']'.repeat(40)}}`, 'body'],
    ['messages', '', 'body'],
    ['messages', {}, 'topic'],
    ['messages', { topic: 'a' }, 'content'],
    ['messages', { topic: 'a.*', content: 1 }, 'topic'],
    ['messages', { topic: '**', content: 1 }, 'topic'],
    ['messages', { topic: 'a..b', content: 1 }, 'topic'],
    ['messages', { topic: '', content: 1 }, 'topic'],
    ['messages', { topic: 'a', content: 1, sender: {} }, 'sender'],
    ['messages', { topic: 'a', content: 1, message_id: 'x'.repeat(201) }, 'message_id'],
  ])('to %s refuses %j and names %s; nothing is recorded', async (where, body, field) => {
    await using server = await startServer();
    const answer = await publish(server, body, where);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'validation_failed']);
    expect(answer.json().details[0].field).toBe(field);
    expect(answer.json().detail).toContain(field);
    expect(await server.events()).toEqual([]);
  });

  it('refuses an unknown record event with a sentence that lists all eight', async () => {
    await using server = await startServer();
    const { message } = (await publish(server, { ...order, event: 'record_update_failed' })).json();
    for (const event of recordEvents) expect(message).toContain(event);
  });

  it('needs the right to write events in this workspace, and a body within the limit', async () => {
    await using server = await startServer({ bodyLimit: 1_000 });
    const statusFor = async (claims: object, where: string) => {
      const authorization = `Bearer ${await tokenOf(claims)}`;
      return (await server.ask('POST', where, { headers: { authorization }, payload: {} }))
        .statusCode;
    };
    for (const where of ['events', 'messages']) {
      expect(await statusFor({ permissions: { events: ['read'] } }, where)).toBe(403);
      expect(await statusFor({ workspace: 'other' }, where)).toBe(403);
      const url = `/workspace/acme/api/v1/${where}`;
      expect((await server.http.inject({ method: 'POST', url })).statusCode).toBe(401);
      const large = await publish(server, { event_type: 'a', data: 'x'.repeat(1_000) }, where);
      expect(large.statusCode).toBe(413);
      const text = await server.ask('POST', where, {
        headers: { 'content-type': 'text/plain' },
        payload: 'x',
      });
      expect(text.statusCode).toBe(415);
    }
  });
});

describe('a trigger that does not take an event', () => {
  it('because it was stopped at the time is shown as not matched, for ever', async () => {
    await using server = await startServer();
    const stopped = await listening(server, 'event', { eventType: 'a' });
    const active = await listening(server, 'event', { eventType: 'a' });
    await server.ask('POST', `function-triggers/${stopped.id}/stop`);
    const { event_id } = (await publish(server, { event_type: 'a' })).json();
    const expected = [
      [active.id, 'succeeded'],
      [stopped.id, 'not matched: stopped'],
    ];
    expect(await outcomesOf(server, event_id)).toEqual(expected);
    await server.ask('POST', `function-triggers/${stopped.id}/start`);
    await server.ask('DELETE', `function-triggers/${stopped.id}`);
    expect(await outcomesOf(server, event_id)).toEqual(expected);
    expect(server.calls).toHaveLength(1);
    const [item] = (await server.ask('GET', 'events')).json().events;
    expect(item.outcomes).toHaveLength(2);
  });

  it('gets what comes after its start', async () => {
    await using server = await startServer();
    const trigger = await listening(server, 'message', { topic: 'a' });
    await server.ask('POST', `function-triggers/${trigger.id}/stop`);
    await publish(server, { topic: 'a', content: 1 }, 'messages');
    await server.ask('POST', `function-triggers/${trigger.id}/start`);
    await publish(server, { topic: 'a', content: 2 }, 'messages');
    await settle(server);
    expect(server.calls.map((call) => bodyOf(call).executionParams.content)).toEqual([2]);
  });
});

describe('a full queue', () => {
  const flood = async (server: ServerUnderTest, overflow: object) => {
    const trigger = await listening(server, 'event', {
      eventType: 'a',
      queueCapacity: 2,
      ...overflow,
    });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const answer = await publish(server, { event_type: 'a', event_id: `e${n}` });
      expect(answer.statusCode).toBe(202);
      ids.push(answer.json().event_id);
      await settle(server);
    }
    const outcomes = await Promise.all(ids.map((id) => outcomesOf(server, id)));
    return { trigger, outcomes: outcomes.map(([outcome]) => outcome[1]) };
  };
  const shown = async (server: ServerUnderTest, id: string) =>
    (await server.ask('GET', `function-triggers/${id}`)).json();

  it('keeps what is beyond its capacity, and says so', async () => {
    await using server = await startServer({ call: hang });
    const { trigger, outcomes } = await flood(server, {});
    expect(outcomes).toEqual(['running', 'queued', 'queued', 'queued', 'queued']);
    expect(await shown(server, trigger.id)).toMatchObject({ queueSize: 4, overCapacity: true });
    const health = await server.http.inject({ url: `/health?trigger_id=${trigger.id}` });
    expect([health.statusCode, health.json()]).toEqual([
      200,
      { status: 'healthy', trigger_id: trigger.id, queue_size: 4 },
    ]);
  });

  it('is never overshot by publishing in parallel', async () => {
    await using server = await startServer({ call: hang });
    const { id } = await listening(server, 'message', {
      topic: 'a',
      queueCapacity: 5,
      overflow: 'drop',
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => publish(server, { topic: 'a', content: n }, 'messages')),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    await settle(server);
    const count = async (status: string) =>
      (await server.ask('GET', `invocations?status=${status}&limit=100`)).json().invocations.length;
    expect([await count('running'), await count('queued'), await count('cancelled')]).toEqual([
      1, 5, 34,
    ]);
    expect((await shown(server, id)).queueSize).toBe(5);
  });

  it('drops it where the trigger wants that, on record and for this trigger alone', async () => {
    await using server = await startServer({ call: hang });
    const other = await listening(server, 'event', { eventType: 'a', concurrency: 10 });
    const { trigger, outcomes } = await flood(server, { overflow: 'drop' });
    expect(outcomes).toHaveLength(5);
    const mine = (await server.ask('GET', `invocations?triggerId=${trigger.id}&order=asc`)).json();
    expect(
      mine.invocations.map(({ status, reason }: { status: string; reason: string }) => [
        status,
        reason,
      ]),
    ).toEqual([
      ['running', null],
      ['queued', null],
      ['queued', null],
      ['cancelled', 'dropped: queue full'],
      ['cancelled', 'dropped: queue full'],
    ]);
    expect(await outcomesOf(server, 'e4')).toEqual([
      [other.id, 'running'],
      [trigger.id, 'dropped: queue full'],
    ]);
    expect(await shown(server, trigger.id)).toMatchObject({ queueSize: 2, overCapacity: false });
    const job = (await server.ask('GET', `jobs/${mine.invocations[4].id}`)).json();
    expect(job.status).toBe('cancelled');
  });
});
