import { expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

interface Line {
  readonly line: string;
  readonly position?: string;
  readonly receivedAt?: string;
  readonly wouldFire?: number;
  readonly differences?: readonly object[];
}

const topic = (of: string, more: object = {}) => ({
  ...{ executionType: 'message', triggerMetadata: { topic: of, ...more } },
});

const publish = async (server: ServerUnderTest, of: string): Promise<void> => {
  const sent = await server.ask('POST', 'messages', { payload: { topic: of, content: {} } });
  expect(sent.statusCode).toBe(202);
};

const question = (trigger: string | null, definition: object, more: object = {}) => ({
  payload: { trigger, definition, ...more },
});

const ask = async (
  server: ServerUnderTest,
  ...asked: Parameters<typeof question>
): Promise<readonly Line[]> => {
  const answer = await server.ask('POST', 'what-if', question(...asked));
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, '']);
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  return answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

const sumOf = (lines: readonly Line[]) => lines.at(-1);
const arrivalsOf = (lines: readonly Line[]) => lines.filter(({ line }) => line === 'arrival');

const refusal = async (server: ServerUnderTest, ...asked: Parameters<typeof question>) => {
  const answer = await server.ask('POST', 'what-if', question(...asked));
  const { details = [] } = answer.json();
  return [answer.statusCode, ...details.map(({ field }: { field: string }) => field)];
};

it('tells of a new trigger what it would have fired for, and then that is what it does', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const topics = ['orders.new', 'orders.old', 'orders.new.paid', 'users.new', 'orders.new'];
  for (const each of topics) await publish(server, each);
  const definition = { name: 'late', functionId, ...topic('orders.*') };

  const before = await server.events();
  const lines = await ask(server, null, definition);
  expect(await server.events()).toEqual(before);

  const [begun] = lines;
  expect(begun).toMatchObject({ line: 'begun', warnings: [] });
  expect(sumOf(lines)).toEqual({
    ...{ line: 'sum', scanned: 5, wouldFire: 3, noLongerFires: 0 },
    ...{ otherPayload: 0, unchanged: 0, notConcerned: 2 },
  });
  expect(arrivalsOf(lines)).toMatchObject(
    ['orders.new', 'orders.old', 'orders.new'].map((key) => ({
      ...{ verdict: 'would-fire', source: { kind: 'message', key }, differences: [] },
    })),
  );

  const { id } = await server.createTrigger(definition);
  for (const each of topics) await publish(server, each);
  const done = await server.ask('GET', `invocations?triggerId=${id}`);
  expect(done.json().invocations).toHaveLength(3);
  expect(sumOf(await ask(server, id, {}))).toMatchObject({ wouldFire: 3, unchanged: 3 });
});

it('tells what a change would do, and of the payload what would differ', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const { id: other } = await server.createFunction({ send: 'event' });
  const params = { a: 1, list: [1], gone: true };
  const { id } = await server.createTrigger({
    ...{ name: 'one', functionId, ...topic('orders.*', { params }) },
  });
  await publish(server, 'orders.new');
  await publish(server, 'users.new');
  await server.ask('PUT', `function-triggers/${id}`, {
    payload: { triggerMetadata: { params: { a: 2, list: [1] } } },
  });
  await publish(server, 'orders.new');

  expect(sumOf(await ask(server, id, { description: 'other' }))).toMatchObject({
    ...{ scanned: 3, wouldFire: 0, noLongerFires: 0, otherPayload: 1, unchanged: 1 },
  });
  const moved = await ask(server, id, topic('users.*'));
  expect(arrivalsOf(moved)).toMatchObject([
    { verdict: 'no-longer-fires', sentVersion: 1 },
    { verdict: 'would-fire', sentVersion: null },
    { verdict: 'no-longer-fires', sentVersion: 2 },
  ]);
  const renamed = arrivalsOf(await ask(server, id, { name: 'two' }));
  const name = { path: '/triggerName', before: 'one', after: 'two' };
  expect(renamed.map(({ differences }) => differences)).toEqual([
    [
      { path: '/triggerParams/a', before: 1, after: 2 },
      { path: '/triggerParams/gone', before: true },
      name,
    ],
    [name],
  ]);
  const [given] = arrivalsOf(await ask(server, id, { functionId: other }, { limit: 1 }));
  expect(given?.differences).toContainEqual({
    ...{ path: '/functionId', before: functionId, after: other },
  });
  expect(given?.differences).toContainEqual({ path: '/executionParams', before: '(the body)' });
});

it('tells of secrets that they differ, never what they are, nor whether a guess is right', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const secret = (value: string) => ({ params: { key: { value, encrypt: true } } });
  const { id } = await server.createTrigger({
    ...{ name: 'one', functionId, ...topic('orders', secret('hunter2')) },
  });
  await publish(server, 'orders');
  const { triggerMetadata } = (await server.ask('GET', `function-triggers/${id}`)).json();
  const kept = await ask(server, id, { triggerMetadata });
  expect(sumOf(kept)).toMatchObject({ unchanged: 1 });
  for (const guess of ['hunter2', 'hunter3']) {
    const [told] = arrivalsOf(await ask(server, id, { triggerMetadata: secret(guess) }));
    expect(told?.differences).toEqual([
      { path: '/triggerParams/key', before: { encrypted: true }, after: { encrypted: true } },
    ]);
    const plain = await ask(server, id, { triggerMetadata: { params: { key: guess } } });
    expect(arrivalsOf(plain)[0]?.differences).toEqual([
      { path: '/triggerParams/key', before: { encrypted: true }, after: guess },
    ]);
  }
});

it('counts a trigger as active, and what it passed over while it was not', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const { id } = await server.createTrigger({ name: 'one', functionId, ...topic('orders') });
  await server.ask('POST', `function-triggers/${id}/stop`);
  await publish(server, 'orders');
  expect(sumOf(await ask(server, id, {}))).toMatchObject({ scanned: 1, wouldFire: 1 });
});

it('looks at a range, and tells one by one no more than it is asked to', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  for (let n = 0; n < 6; n += 1) await publish(server, 'orders');
  const definition = { name: 'late', functionId, ...topic('orders') };
  const all = arrivalsOf(await ask(server, null, definition));
  const [, from, , , to] = all.map(({ position }) => ({ position }));
  const counted = async (range: object, limit = 20) => {
    const lines = await ask(server, null, definition, { range, limit });
    return [sumOf(lines)?.wouldFire, arrivalsOf(lines).length];
  };
  expect(await counted({ from, to })).toEqual([4, 4]);
  expect(await counted({ from })).toEqual([5, 5]);
  expect(await counted({ to })).toEqual([5, 5]);
  expect(await counted({ from, to }, 2)).toEqual([4, 2]);
  expect(await counted({}, 0)).toEqual([6, 0]);
  const time = new Date(0).toISOString();
  expect(await counted({ to: { time } })).toEqual([0, 0]);
  expect(await counted({ from: { time } })).toEqual([6, 6]);
  expect(await counted({ from: { time: all[0]?.receivedAt } })).toEqual([6, 6]);
});

it('refuses what creating or changing refuses, with the place of what is wrong', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const definition = { name: 'one', functionId, ...topic('orders') };
  const { id } = await server.createTrigger(definition);
  const system = (await server.ask('GET', 'function-triggers?search=System')).json().triggers[0];
  const metadata = 'definition.triggerMetadata';

  const wrong = { ...definition, ...topic('a..b') };
  expect(await refusal(server, null, wrong)).toEqual([400, `${metadata}.topic`]);
  expect(await refusal(server, id, topic('a..b'))).toEqual([400, `${metadata}.topic`]);
  expect(await refusal(server, null, { colour: 'blue' })).toEqual([
    ...[400, 'definition.name', 'definition.functionId', 'definition.executionType'],
    'definition.colour',
  ]);
  expect(await refusal(server, id, { executionType: 'webhook' })).toEqual([
    ...[400, 'definition.executionType'],
  ]);
  expect(await refusal(server, system.id, {})).toEqual([403]);
  expect(await refusal(server, '11111111-aaaa-zzzz-2222-333344445555', {})).toEqual([404]);
});

it('refuses a range that cannot be, and limits that are none', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const definition = { name: 'one', functionId, ...topic('orders') };
  const { id } = await server.createTrigger(definition);
  const refused = (more: object) => refusal(server, id, {}, more);
  const at = (year: number) => ({ time: `${year}-01-01T00:00:00Z` });
  expect(await refused({ range: { from: at(9_999) } })).toEqual([400, 'range.from']);
  expect(await refused({ range: { to: { position: '9'.repeat(60) } } })).toEqual([400, 'range.to']);
  expect(await refused({ range: { from: at(2_002), to: at(2_001) } })).toEqual([400, 'range.from']);
  expect(await refused({ range: { from: { position: "1' OR 1" } } })).toEqual([
    ...[400, 'range.from.position'],
  ]);
  expect(await refused({ range: { from: { position: '0', ...at(2_001) } } })).toEqual([
    ...[400, 'range.from'],
  ]);
  expect(await refused({ range: { after: at(2_001) } })).toEqual([400, 'range.after']);
  for (const limit of [-1, 201, 1e9, 1.5, '20', null])
    expect(await refused({ limit })).toEqual([400, 'limit']);
  expect(await refused({ definition: [] })).toEqual([400, 'definition']);
});

it('is for those who may read both events and triggers, of this workspace', async () => {
  await using server = await startServer();
  const { id } = await server.createTrigger(topic('orders'));
  const statusAs = async (claims: object, slug = 'acme') => {
    const authorization = `Bearer ${await tokenOf(claims)}`;
    const url = `/workspace/${slug}/api/v1/what-if`;
    const answer = await server.ask('POST', url, {
      ...{ ...question(id, {}), headers: { authorization } },
    });
    return answer.statusCode;
  };
  const may = (...permissions: string[]) => ({ permissions });
  expect(await statusAs(may('events:read', 'function-triggers:read'))).toBe(200);
  expect(await statusAs(may('events:read'))).toBe(403);
  expect(await statusAs(may('function-triggers:write'))).toBe(403);
  expect(await statusAs({ workspace: 'other' }, 'other')).toBe(404);
});
