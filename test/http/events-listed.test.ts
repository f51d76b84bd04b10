import { expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { startServer } from './server-under-test.ts';

const succeeded: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};

it('lists what arrived by delivery, source, correlation and time, each with what came of it', async () => {
  await using server = await startServer();
  const headers = (id: string) => ({ 'webhook-id': id });
  const at = (path: string) => ({
    ...{ executionType: 'webhook', name: path },
    triggerMetadata: { path, deduplication: { header: 'webhook-id' } },
  });
  const first = await server.createTrigger(at('/first'));
  const second = await server.createTrigger(at('/second'));
  const deliver = async (path: string, id: string) =>
    (await server.deliver(path, { payload: '{}', headers: headers(id) })).json().event_id;
  const ids = [
    await deliver('first', 'a'),
    await deliver('first', 'b'),
    await deliver('second', 'a'),
  ];
  const events = async (query: string) =>
    (await server.ask('GET', `events?order=asc&${query}`)).json().events;
  const [{ receivedAt, correlationId }] = await events('');

  for (const [query, places] of [
    ['', [0, 1, 2]],
    ['deliveryId=a', [0, 2]],
    ['deliveryId=A', []],
    ['sourceKind=webhook&sourceKey=first', [0, 1]],
    ['sourceKey=second', [2]],
    ['sourceKind=scheduled', []],
    ['deliveryId=a&sourceKey=second', [2]],
    [`correlationId=${correlationId}`, [0]],
    [`from=${receivedAt}`, [0, 1, 2]],
    ['from=2099-01-01T00:00:00Z', []],
    ['to=2020-01-01T00:00:00Z', []],
  ] as const) {
    const found = (await events(query)).map(({ id }: { id: string }) => id);
    expect([query, found]).toEqual([query, places.map((place) => ids[place])]);
  }

  const whole = await events('');
  expect(whole.map(({ outcomes }: { outcomes: object[] }) => outcomes)).toMatchObject([
    [{ triggerId: first.id }],
    [{ triggerId: first.id }],
    [{ triggerId: second.id }],
  ]);
  for (const { outcomes: _, ...item } of whole)
    expect((await server.ask('GET', `events/${item.id}`)).json()).toMatchObject(item);
  expect((await server.ask('GET', 'events?deliveryid=a')).statusCode).toBe(400);
});

it('lists what arrived by its trigger and what became of it', async () => {
  const failing: CallOutcome = {
    ...{ ok: false, durationMs: 1, retryAfterMs: null },
    failure: { kind: 'status', message: 'no', status: 400, body: null },
  };
  await using server = await startServer({
    call: async ({ url }) => (String(url).includes('fails') ? failing : succeeded),
  });
  const bind = async (url: string, eventType: string) => {
    const { id: functionId } = await server.createFunction({ url });
    const more = { executionType: 'event', triggerMetadata: { eventType }, functionId };
    return (await server.createTrigger(more)).id as string;
  };
  const works = await bind('https://example.org/works', 'both');
  const fails = await bind('https://example.org/fails', 'both');
  const stopped = await bind('https://example.org/works', 'stopped');
  await server.ask('POST', `function-triggers/${stopped}/stop`);
  const publish = async (event_type: string): Promise<string> => {
    const payload = { event_type, data: {} };
    return (await server.ask('POST', 'events', { payload })).json().event_id;
  };
  const ids = [
    await publish('both'),
    await publish('stopped'),
    await publish('nobody'),
    await publish('both'),
  ];
  const ask = async (query: string) => (await server.ask('GET', `events?${query}`)).json();
  const idsOf = ({ events }: { events: { id: string }[] }) => events.map(({ id }) => id);
  await expect.poll(async () => (await ask('outcome=dead')).events.length).toBe(2);
  await expect.poll(async () => (await ask('outcome=succeeded')).events.length).toBe(2);

  for (const [query, places] of [
    [`trigger=${works}`, [0, 3]],
    [`trigger=${stopped}`, [1]],
    ['trigger=nobody', []],
    ['outcome=dead', [0, 3]],
    [`outcome=dead&trigger=${fails}`, [0, 3]],
    [`outcome=dead&trigger=${works}`, []],
    [`outcome=succeeded&trigger=${works}`, [0, 3]],
    ['outcome=withheld', [1]],
    [`outcome=withheld&trigger=${stopped}`, [1]],
    [`outcome=withheld&trigger=${works}`, []],
    ['outcome=not-matched', [2]],
    [`outcome=not-matched&trigger=${works}`, []],
    ['outcome=queued', []],
    ['outcome=dropped', []],
    ['outcome=cancelled', []],
    [`outcome=dead&from=2099-01-01T00:00:00Z`, []],
  ] as const) {
    const expected = places.map((place) => ids[place]);
    expect([query, idsOf(await ask(`order=asc&${query}`))]).toEqual([query, expected]);
    expect(idsOf(await ask(query)).reverse()).toEqual(expected);
  }
  const first = await ask('order=asc&outcome=dead&limit=1');
  expect(idsOf(first)).toEqual([ids[0]]);
  const second = await ask(`order=asc&outcome=dead&limit=1&after=${first.next}`);
  expect([idsOf(second), second.next]).toEqual([[ids[3]], null]);
  for (const query of [
    'outcome=lost',
    'outcome=dead&outcome=dead',
    'outcome=',
    'trigger=',
    `trigger=${'x'.repeat(65)}`,
  ])
    expect((await server.ask('GET', `events?${query}`)).statusCode).toBe(400);
});
