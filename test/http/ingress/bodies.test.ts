import { describe, expect, it } from 'vitest';
import { isFact } from '../../../src/domain/events.ts';
import { hmacOf, type ServerUnderTest, startServer } from '../server-under-test.ts';

const webhook = (more: object = {}) => ({
  executionType: 'webhook',
  triggerMetadata: { path: '/in', ...more },
});

const arrivals = async (server: ServerUnderTest) =>
  (await server.events()).filter((event) => isFact(event, 'EventArrived'));

const nested = (depth: number, core = '1') => `${'{"a":'.repeat(depth)}${core}${'}'.repeat(depth)}`;

const calledWith = async (server: ServerUnderTest, count = 1) => {
  await expect.poll(() => server.calls.length).toBe(count);
  return JSON.parse(String(server.calls[count - 1]?.body)).executionParams.payload;
};

describe('a deeply nested delivery', () => {
  it.each([33, 100, 512])(
    'is JSON at %i levels, for functions, order and duplicates',
    async (depth) => {
      await using server = await startServer();
      const { id: functionId } = await server.createFunction();
      const id = { pointer: '/id' };
      await server.createTrigger({
        functionId,
        ...webhook({ deduplication: id, orderingKey: id }),
      });
      const payload = `{"id":"d-1","deep":${nested(depth - 1)}}`;
      const first = await server.deliver('in', { payload });
      const again = await server.deliver('in', { payload });
      expect([first.statusCode, again.json().duplicate]).toEqual([202, true]);
      expect((await arrivals(server)).map(({ data }) => data.deliveryId)).toEqual(['d-1']);
      expect(await calledWith(server)).toEqual(JSON.parse(payload));
      const queued = (await server.events()).filter((event) => isFact(event, 'InvocationQueued'));
      expect(queued.map(({ data }) => data.orderingKey)).toEqual(['d-1']);
    },
  );

  it.each([
    ['objects', nested(513)],
    ['lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['both, behind a mark', `\ufeff[1,${nested(512)}]`],
    ['as much as fits', '['.repeat(500_000) + ']'.repeat(500_000)],
  ])('beyond that is refused by those who may send: %s', async (_, payload) => {
    await using server = await startServer();
    await server.createTrigger(webhook({ hmac: { secret: 's' } }));
    const headers = { 'x-webhook-signature': hmacOf('s', payload) };
    const answer = await server.deliver('in', { payload, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'validation_failed']);
    expect(answer.json().detail).toBe('body is JSON nested deeper than 512');
    expect((await server.deliver('in', { payload })).statusCode).toBe(401);
    expect(await arrivals(server)).toEqual([]);
    const { body } = await server.ask('GET', '/metrics');
    expect(body).toContain('tripline_ingress_total{result="unreadable"} 1');
  });

  it.each([
    ['is no JSON', '['.repeat(5_000)],
    ['has brackets in a text only', JSON.stringify('['.repeat(5_000))],
    ['has many lists beside one another', JSON.stringify(Array(5_000).fill([]))],
  ])('is none where it %s', async (_, payload) => {
    await using server = await startServer();
    await server.createTrigger(webhook());
    expect((await server.deliver('in', { payload })).statusCode).toBe(202);
  });
});

describe('a byte order mark', () => {
  it('makes no text of JSON, and is kept in the bytes', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const id = { pointer: '/id' };
    await server.createTrigger({ functionId, ...webhook({ deduplication: id, orderingKey: id }) });
    const payload = '\ufeff{"id":"d-1"}';
    await server.deliver('in', { payload });
    expect((await server.deliver('in', { payload })).json().duplicate).toBe(true);
    const [arrival] = await arrivals(server);
    const shown = await server.ask('GET', `events/${arrival?.data.arrivalId}`);
    expect(shown.json()).toMatchObject({ deliveryId: 'd-1', body: { content: payload } });
    expect(await calledWith(server)).toEqual({ id: 'd-1' });
    const queued = (await server.events()).filter((event) => isFact(event, 'InvocationQueued'));
    expect(queued.map(({ data }) => data.orderingKey)).toEqual(['d-1']);
  });

  it('makes no text of what is executed', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ functionId });
    const headers = { 'content-type': 'application/json' };
    const payload = '\ufeff{"a":1}';
    const answer = await server.ask('POST', `function-triggers/${id}/execute`, {
      payload,
      headers,
    });
    expect(answer.statusCode).toBe(200);
    await expect.poll(() => server.calls.length).toBe(1);
    expect(JSON.parse(String(server.calls[0]?.body)).executionParams).toEqual({ a: 1 });
  });
});

describe('a slash behind the path', () => {
  it('makes no difference, also for what is a duplicate', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook({ path: '/in/here', deduplication: { header: 'x-id' } }));
    const headers = { 'x-id': '1' };
    const first = await server.deliver('in/here/', { payload: 'x', headers });
    const again = await server.deliver('in/here', { payload: 'x', headers });
    expect([first.statusCode, again.statusCode]).toEqual([202, 202]);
    expect(again.json()).toEqual({ ...first.json(), duplicate: true });
    const [arrival] = await arrivals(server);
    expect(arrival?.data.source).toEqual({ kind: 'webhook', key: 'in/here' });
    expect(arrival?.data.request?.path).toBe('/workspace/acme/api/v1/webhook/in/here/');
    for (const path of ['in/here//', 'in//here', '/', '', '//in/here'])
      expect((await server.deliver(path, { payload: 'x' })).statusCode).toBe(404);
  });
});

describe('headers that open something', () => {
  const secrets = [
    ...['Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie'],
    ...['X-Gitlab-Token', 'X-Telegram-Bot-Api-Secret-Token', 'apikey', 'X-Api-Key', 'api-key'],
    ...[
      'X-Auth-Token',
      'X-Access-Token',
      'X-Webhook-Secret',
      'X-Hook-Secret',
      'X-Goog-Channel-Token',
    ],
    ...[
      'x-functions-key',
      'Ocp-Apim-Subscription-Key',
      'X-Amz-Security-Token',
      'X-Auth',
      'x_api_token',
    ],
    ...[
      'X-Amz-Access-Key',
      'X-Shopify-Access-Token',
      'Private-Token',
      'X-Vault-Token',
      'X-CSRFToken',
    ],
    ...['X-Hub-Signature', 'X-My-Password', 'X-Goog-Iap-Jwt-Assertion', 'Authentication', 'X-JWT'],
  ];
  const others = [
    ...['content-type', 'user-agent', 'x-github-event', 'x-github-delivery', 'x-request-id'],
    ...['idempotency-key', 'i-twilio-idempotency-token', 'traceparent', 'x-shopify-topic'],
    ...['x-tokens-used', 'x-author', 'x-partition-key', 'x-keyboard', 'ce-id', 'x-secretary'],
  ];

  it('are never stored, whatever the sender is', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook({ secretHeaders: ['X-Mine', 'x-Other'] }));
    const canary = 'canary';
    const hidden = [...secrets, 'x-mine', 'X-OTHER'].map((name) => [name, canary]);
    const shown = others.map((name) => [name, 'shown']);
    await server.deliver('in', {
      payload: 'x',
      headers: Object.fromEntries([...hidden, ...shown]),
    });
    const [arrival] = await arrivals(server);
    const kept = Object.keys(arrival?.data.request?.headers ?? {});
    expect(kept.filter((name) => others.includes(name)).sort()).toEqual([...others].sort());
    expect(JSON.stringify(await server.events())).not.toContain(canary);
  });

  it.each([
    ['orderingKey', { orderingKey: { header: 'X-Gitlab-Token' } }],
    ['deduplication', { deduplication: { header: 'x-api-key' } }],
    ['orderingKey', { orderingKey: { header: 'X-Mine' }, secretHeaders: ['x-mine'] }],
    ['secretHeaders', { secretHeaders: ['a b'] }],
    ['secretHeaders', { secretHeaders: 'x-mine' }],
    ['secretHeaders', { secretHeaders: Array(33).fill('x-mine') }],
  ])('are nothing to go by: %s', async (member, more) => {
    await using server = await startServer();
    const { code, details } = await server.createTrigger(webhook(more));
    expect(code).toBe('validation_failed');
    expect(details[0].field).toContain(`triggerMetadata.${member}`);
  });
});

describe('ids that differ in half a character only', () => {
  it('are different ids', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook({ deduplication: { pointer: '/id' } }));
    const answers = [];
    for (const id of ['\\ud800', '\\ud801', '\\udc00', '\ufffd', 'a\\ud800', '\\ud800'])
      answers.push((await server.deliver('in', { payload: `{"id":"${id}"}` })).json());
    expect(answers.map(({ duplicate = false }) => duplicate)).toEqual([
      ...[false, false, false, false, false, true],
    ]);
    expect(new Set(answers.map(({ event_id }) => event_id)).size).toBe(5);
  });

  it('are refused where a publisher gives them', async () => {
    await using server = await startServer();
    for (const [where, payload] of [
      ['messages', '{"topic":"a","content":1,"message_id":"\\ud800"}'],
      ['events', '{"event_type":"a","event_id":"x\\udfff"}'],
    ] as const) {
      const headers = { 'content-type': 'application/json' };
      const answer = await server.ask('POST', where, { payload, headers });
      expect([answer.statusCode, answer.json().details[0].message]).toEqual([
        400,
        'must not have lone surrogates',
      ]);
    }
  });
});
