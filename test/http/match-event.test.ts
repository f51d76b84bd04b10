import { expect, it } from 'vitest';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const match = async (server: ServerUnderTest, payload: object) => {
  const answer = await server.ask('POST', 'events/match', { payload });
  return { status: answer.statusCode, ...answer.json() };
};

const told = ({ verdicts }: { verdicts: readonly { name: string; reason: string | null }[] }) =>
  verdicts.map(({ name, reason }) => `${name}: ${reason ?? 'fires'}`);

it('tells of each form of event which triggers it would fire, as things stand, and records nothing', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const make = (name: string, executionType: string, triggerMetadata: object) =>
    server.createTrigger({ name, executionType, triggerMetadata, functionId });
  const wanting = (path: string, texts: string[]) =>
    path.split('/').reduceRight<object>((inner, name) => ({ [name]: inner }), texts);
  const filter = (path: string, ...texts: string[]) => ({
    filter: { eventbridge: wanting(path, texts) },
  });
  await make('paid', 'event', { eventType: 'paid', ...filter('payload/data/currency', 'EUR') });
  await make('created', 'event-driven', { event: 'record_created', recordSlug: 'orders' });
  await make('topics', 'message', { topic: 'orders.*', ...filter('payload/content/k', 'x') });
  const hook = { path: 'github', ...filter('headers/x-github-event', 'push') };
  const { id: hooked } = await make('hook', 'webhook', hook);
  const before = await server.events();

  const first = async (payload: object) => told(await match(server, payload))[0];
  const event = (data: object) => ({ event: { event_type: 'paid', data } });
  expect(await first(event({ currency: 'EUR' }))).toBe('paid: fires');
  expect(await first(event({ currency: 'USD' }))).toBe('paid: filtered');
  const record = { event: 'record_created', recordSlug: 'orders', recordId: '1', data: {} };
  expect(await first({ event: record })).toBe('created: fires');
  const message = (k: string) => ({ message: { topic: 'orders.new', content: { k } } });
  expect(await first(message('x'))).toBe('topics: fires');
  expect(await first(message('y'))).toBe('topics: filtered');
  const delivery = { webhook: { path: '/github', headers: { 'X-GitHub-Event': 'push' } } };
  expect(await first(delivery)).toBe('hook: fires');
  expect(await first({ webhook: { path: 'github' } })).toBe('hook: filtered');
  expect(await first({ webhook: { path: 'gitlab' } })).toBe('hook: key-differs');
  expect(await server.events()).toEqual(before);

  await server.ask('POST', `function-triggers/${hooked}/stop`);
  expect(await first(delivery)).toBe('hook: stopped');
  const { source, verdicts } = await match(server, event({ currency: 'USD' }));
  expect(source).toEqual({ kind: 'event', key: '["paid"]' });
  expect(verdicts[0]).toMatchObject({
    ...{ fired: false, reason: 'filtered', path: '/payload/data/currency', seen: '"USD"' },
  });
});

it.each([
  [{}, 'must have one of event, message and webhook'],
  [{ event: { event_type: 'a' }, message: { topic: 'a', content: 1 } }, 'must have one of'],
  [{ event: {} }, 'event'],
  [{ message: { topic: 'a..b', content: 1 } }, 'topic'],
  [{ webhook: { path: 7 } }, 'webhook.path must be a string'],
  [{ webhook: { path: 'a', headers: { a: 1 } } }, 'webhook.headers'],
])('refuses %j, and says why', async (payload, sentence) => {
  await using server = await startServer();
  const { status, detail } = await match(server, payload);
  expect([status, detail]).toEqual([400, expect.stringContaining(sentence)]);
});
