import { describe, expect, it } from 'vitest';
import { hang, type ServerUnderTest, startServer } from './server-under-test.ts';

const opened = { filter: { eventfilter: { payload: { action: ['opened'] } } } };

const webhook = async (server: ServerUnderTest, more: object = opened) => {
  const { id: functionId } = await server.createFunction();
  const triggerMetadata = { path: 'github', ...more };
  return server.createTrigger({ functionId, executionType: 'webhook', triggerMetadata });
};

const send = async (server: ServerUnderTest, payload: object): Promise<string> => {
  const answer = await server.deliver('github', { payload });
  expect(answer.statusCode).toBe(202);
  return answer.json().event_id;
};

const invocationsOf = async (server: ServerUnderTest, triggerId: string) =>
  (await server.ask('GET', `invocations?triggerId=${triggerId}&order=asc`)).json().invocations;

const arrivalsOf = async (server: ServerUnderTest, triggerId: string): Promise<string[]> =>
  (await invocationsOf(server, triggerId)).map(({ eventId }: { eventId: string }) => eventId);

describe('a trigger with a filter', () => {
  it('takes what its sender sends and is given what it matches', async () => {
    await using server = await startServer();
    const { id } = await webhook(server);
    const wanted = await send(server, { action: 'opened' });
    const unwanted = await send(server, { action: 'closed' });
    expect(await arrivalsOf(server, id)).toEqual([wanted]);
    expect(server.calls).toHaveLength(1);

    const { outcomes } = (await server.ask('GET', `events/${unwanted}`)).json();
    expect(outcomes).toEqual([]);
    const none = (await server.ask('GET', 'events?outcome=not-matched')).json().events;
    expect(none.map((event: { id: string }) => event.id)).toEqual([unwanted]);
  });

  it('is explained by the predicate that failed, by the filter of then', async () => {
    await using server = await startServer();
    const { id } = await webhook(server);
    const event = await send(server, { action: 'closed' });
    const changed = { triggerMetadata: { filter: { cesql: 'TRUE' } } };
    await server.ask('PUT', `function-triggers/${id}`, { payload: changed });
    const explain = async () =>
      (await server.ask('GET', `events/${event}/explain?trigger=${id}`)).json().verdicts;
    expect(await explain()).toMatchObject([
      {
        ...{ triggerId: id, version: 1, fired: false, reason: 'filtered', outcome: null },
        ...{ path: '/payload/action', expected: expect.any(String), seen: '"closed"' },
      },
    ]);
    await server.ask('POST', `events/${event}/forget`);
    expect(await explain()).toMatchObject([{ fired: false, reason: 'payload-forgotten' }]);
  });

  it('is known to have fired for what was forgotten since', async () => {
    await using server = await startServer();
    const { id } = await webhook(server);
    const event = await send(server, { action: 'opened' });
    expect(await arrivalsOf(server, id)).toEqual([event]);
    expect((await server.ask('POST', `events/${event}/forget`)).statusCode).toBe(200);
    const { verdicts } = (await server.ask('GET', `events/${event}/explain?trigger=${id}`)).json();
    expect(verdicts).toMatchObject([{ fired: true, reason: null }]);
  });

  it('gives the places back that what it does not want has taken', async () => {
    await using server = await startServer({ call: hang });
    const { id } = await webhook(server, { ...opened, queueCapacity: 2 });
    for (let n = 0; n < 8; n += 1) await send(server, { action: 'closed' });
    expect((await server.http.inject(`/health?trigger_id=${id}`)).json().queue_size).toBe(0);
  });

  it('takes all again once its filter is taken away', async () => {
    await using server = await startServer();
    const { id } = await webhook(server);
    const payload = { triggerMetadata: { filter: null } };
    expect((await server.ask('PUT', `function-triggers/${id}`, { payload })).statusCode).toBe(200);
    const event = await send(server, { action: 'closed' });
    expect(await arrivalsOf(server, id)).toEqual([event]);
  });

  it('has what it would want now delivered again, and nothing else', async () => {
    await using server = await startServer();
    const { id } = await webhook(server);
    const events = [];
    for (const action of ['closed', 'opened', 'closed', 'merged'])
      events.push(await send(server, { action }));
    const changed = { filter: { eventfilter: { payload: { action: ['merged', 'opened'] } } } };
    const payload = { triggerMetadata: changed };
    await server.ask('PUT', `function-triggers/${id}`, { payload });
    const order = { to: { triggers: [id] }, versions: 'as-now' };
    const preview = await server.ask('POST', 'replays', { payload: { ...order, dryRun: true } });
    expect(preview.json()).toMatchObject({ counts: { arrivals: 4, invocations: 1 } });
    await server.ask('POST', 'replays', { payload: order });
    await expect.poll(() => arrivalsOf(server, id)).toEqual([events[1], events[3]]);
  });

  it('is told where nobody can ask it any more, as the body was forgotten', async () => {
    await using server = await startServer();
    const { id } = await webhook(server);
    const event = await send(server, { action: 'closed' });
    await server.ask('POST', `events/${event}/forget`);
    const order = { to: { triggers: [id] }, versions: 'as-now', dryRun: true };
    const preview = await server.ask('POST', 'replays', { payload: order });
    expect(preview.json()).toMatchObject({
      counts: { arrivals: 1, invocations: 0, skipped: { 'payload-forgotten': 1 } },
    });
  });

  it('that starts from the past is given what it matches of that', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const publish = async (k: number): Promise<void> => {
      const payload = { topic: 'orders', content: { k } };
      expect((await server.ask('POST', 'messages', { payload })).statusCode).toBe(202);
    };
    for (const k of [1, 2, 3, 4]) await publish(k);
    const filter = { eventbridge: { payload: { content: { k: [{ numeric: ['>', 2] }] } } } };
    const definition = { executionType: 'message', triggerMetadata: { topic: 'orders', filter } };
    const asked = { trigger: null, definition: { name: 'late', functionId, ...definition } };
    const said = (await server.ask('POST', 'what-if', { payload: asked })).body.trim().split('\n');
    expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ scanned: 4, wouldFire: 2 });
    const { id } = await server.createTrigger({
      ...{ functionId, ...definition, startFrom: { position: '0' } },
    });
    await publish(1);
    await publish(5);
    await expect.poll(async () => (await invocationsOf(server, id)).length).toBe(3);
  });
});

describe('a filter that makes no sense', () => {
  it.each([
    [
      { eventfilter: { payload: { n: [{ $gt: 'x' }] } } },
      'triggerMetadata.filter.eventfilter/payload/n',
    ],
    [{ jsonpath: '$[' }, 'triggerMetadata.filter.jsonpath'],
    [{ sql: 'x' }, 'triggerMetadata.filter.sql'],
    [{ cesql: 'TRUE', jsonpath: '$' }, 'triggerMetadata.filter'],
    ['type', 'triggerMetadata.filter'],
  ])('is refused at the place of the mistake, and changes nothing: %j', async (filter, place) => {
    await using server = await startServer();
    const { id } = await webhook(server, {});
    const before = await server.events();
    const message = { executionType: 'message', triggerMetadata: { topic: 't', filter } };
    const whole = { name: 'n', functionId: id, ...message };
    for (const [method, path, payload] of [
      ['POST', 'function-triggers', whole],
      ['PUT', `function-triggers/${id}`, { triggerMetadata: { filter } }],
      ['POST', 'function-triggers/drafts', message],
      ['POST', 'what-if', { trigger: null, definition: whole }],
    ] as const) {
      const answer = await server.ask(method, path, { payload });
      expect([path, answer.statusCode]).toEqual([path, 400]);
      expect(answer.json().detail).toContain(place);
    }
    expect(await server.events()).toEqual(before);
  });

  it('is not known to triggers that are addressed by their id', async () => {
    await using server = await startServer();
    for (const more of [
      { executionType: 'on-demand', triggerMetadata: opened },
      { executionType: 'scheduled', triggerMetadata: { interval: 60, ...opened } },
    ]) {
      const payload = { name: 'n', functionId: '00000000-0000-4000-8000-000000000000', ...more };
      const answer = await server.ask('POST', 'function-triggers', { payload });
      expect(answer.statusCode).toBe(400);
    }
  });
});
