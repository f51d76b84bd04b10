import { expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const topic = (name: string, of: string) => ({
  ...{ name, executionType: 'message', triggerMetadata: { topic: of } },
});

const publish = async (server: ServerUnderTest, of: string): Promise<string> => {
  const sent = await server.ask('POST', 'messages', { payload: { topic: of, content: {} } });
  expect(sent.statusCode).toBe(202);
  return (await server.ask('GET', 'events?limit=1')).json().events[0].id;
};

const explain = async (server: ServerUnderTest, id: string, query = '') => {
  const answer = await server.ask('GET', `events/${id}/explain${query}`);
  return { status: answer.statusCode, ...answer.json() };
};

it('tells why, of each trigger, by what stood then', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const make = async (name: string, of: string) =>
    await server.createTrigger({ ...topic(name, of), functionId });
  const takes = await make('takes', 'orders');
  const halted = await make('halted', 'orders');
  const near = await make('near', 'orders.old');
  await server.ask('POST', `function-triggers/${halted.id}/stop`);
  const past = await make('past', 'orders');
  await server.ask('DELETE', `function-triggers/${past.id}`);
  const event = await publish(server, 'orders');
  // What comes after it changes nothing about it.
  const later = await make('later', 'orders');
  await server.ask('PUT', `function-triggers/${takes.id}`, { payload: { name: 'renamed' } });
  await server.ask('POST', `function-triggers/${halted.id}/start`);
  await server.ask('DELETE', `function-triggers/${near.id}`);

  const { status, eventId, source, verdicts } = await explain(server, event);
  expect([status, eventId, source.kind]).toEqual([200, event, 'message']);
  const [first, second, third] = verdicts;
  expect(first).toMatchObject({
    ...{ triggerId: takes.id, name: 'takes', version: 1, status: 'active', functionId },
    ...{ fired: true, reason: null, outcome: { triggerId: takes.id, attempt: 1 } },
  });
  expect(second).toMatchObject({
    ...{ triggerId: halted.id, status: 'stopped', fired: false, reason: 'stopped' },
    outcome: { invocationId: null, outcome: 'not matched: stopped' },
  });
  expect(third).toMatchObject({
    ...{ triggerId: near.id, fired: false, reason: 'key-differs' },
    ...{ expected: expect.stringContaining('orders.old'), outcome: null },
  });
  expect(verdicts.map(({ name }: { name: string }) => name)).toEqual([
    ...['takes', 'halted', 'near', 'System default trigger'],
  ]);

  const one = async (trigger: string) =>
    (await explain(server, event, `?trigger=${trigger}`)).verdicts;
  expect(await one(takes.id)).toEqual([first]);
  expect(await one(later.id)).toMatchObject([
    { triggerId: later.id, name: 'later', fired: false, reason: 'created-later', by: 'ann' },
  ]);
  expect(await one(past.id)).toMatchObject([
    { triggerId: past.id, name: 'past', fired: false, reason: 'deleted-before', by: 'ann' },
  ]);
});

it('is about events and triggers that this workspace has', async () => {
  await using server = await startServer();
  const { id } = await server.createTrigger(topic('t', 'orders'));
  const event = await publish(server, 'orders');
  const authorization = `Bearer ${await tokenOf({ workspace: 'other' })}`;
  const foreign = await server.ask('GET', `/workspace/other/api/v1/events/${event}/explain`, {
    headers: { authorization },
  });
  expect(foreign.statusCode).toBe(404);
  const unknown = '11111111-aaaa-zzzz-2222-333344445555';
  expect((await explain(server, unknown)).status).toBe(404);
  expect((await explain(server, event, `?trigger=${unknown}`)).status).toBe(404);
  expect((await explain(server, event, '?trigger=')).status).toBe(400);
  expect((await explain(server, event, `?triger=${id}`)).status).toBe(400);
  expect((await explain(server, event, `?trigger=${id}`)).status).toBe(200);
});
