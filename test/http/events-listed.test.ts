import { expect, it } from 'vitest';
import { startServer } from './server-under-test.ts';

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
