import { sign } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { isFact } from '../../../src/domain/events.ts';
import { hang, hmacOf, type ServerUnderTest, startServer } from '../server-under-test.ts';

const webhook = (path: string, more: object = {}) => ({
  executionType: 'webhook',
  triggerMetadata: { path, ...more },
});

const arrivals = async (server: ServerUnderTest) =>
  (await server.events()).filter((event) => isFact(event, 'EventArrived'));

describe('a delivery', () => {
  it('is answered with exactly status and event id, once it is recorded', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in/here'));
    const answer = await server.deliver('in/here', { payload: 'hello' });
    expect(answer.statusCode).toBe(202);
    expect(answer.headers['content-type']).toContain('application/json');
    const { event_id, ...rest } = answer.json();
    expect(rest).toEqual({ status: 'accepted' });
    const [arrival] = await arrivals(server);
    expect(arrival?.data.arrivalId).toBe(event_id);
    expect(arrival?.metadata.actor).toBe('sender:webhook/in/here');
  });

  it.each<[string, Buffer | string | undefined, string | undefined]>([
    ['an object', '{"a":1}', 'application/json'],
    ['broken JSON', '{"a":', 'application/json'],
    ['no body', undefined, undefined],
    ['an empty JSON body', '', 'application/json'],
    ['a form', 'a=1&b=2', 'application/x-www-form-urlencoded'],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe]), 'application/octet-stream'],
    ['a media type that is none', 'x', ';;;not a type'],
    ['a duplicate media type', 'x', 'application/json, text/plain'],
    ['deep nesting', '['.repeat(5_000), 'application/json'],
    ['a prototype', '{"__proto__":{"admin":true}}', 'application/json'],
    ['something compressed', Buffer.from([0x1f, 0x8b, 8, 0]), 'application/gzip'],
  ])('is never malformed: %s', async (_, payload, type) => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in'));
    const answer = await server.deliver('in', {
      ...(payload !== undefined && { payload }),
      headers: type === undefined ? {} : { 'content-type': type },
    });
    expect(answer.statusCode).toBe(202);
    const [arrival] = await arrivals(server);
    const shown = await server.ask('GET', `events/${arrival?.data.arrivalId}`);
    const { encoding, content } = shown.json().body;
    expect(Buffer.from(content, encoding)).toEqual(Buffer.from(payload ?? ''));
    expect(arrival?.data.request?.headers['content-type']).toBe(type);
  });

  it('keeps how it was asked, and no credentials', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in', { hmac: { secret: 's', header: 'X-Proof' } }));
    await server.deliver('in?a=1&b=2&b=3&__proto__=x', {
      payload: 'x',
      remoteAddress: '192.0.2.7',
      headers: {
        'X-Proof': hmacOf('s', 'x'),
        Authorization: 'Basic canary',
        'PROXY-authorization': 'canary',
        Cookie: 'session=canary',
        'x-API-key': 'canary',
        'x-other-Signature-v2': 'canary',
        'x-forwarded-for': '203.0.113.9',
        'user-agent': 'sender/1',
      },
    });
    const [arrival] = await arrivals(server);
    expect(arrival?.data.request).toMatchObject({
      method: 'POST',
      path: '/workspace/acme/api/v1/webhook/in',
      remote: '192.0.2.7',
    });
    const { headers = {}, query = {} } = arrival?.data.request ?? {};
    expect(Object.entries(query).slice(0, 2)).toEqual([
      ['a', '1'],
      ['b', ['2', '3']],
    ]);
    expect(headers['user-agent']).toBe('sender/1');
    expect(Object.keys(headers)).not.toContain('x-proof');
    expect(JSON.stringify(await server.events())).not.toContain('canary');
    expect({}).not.toHaveProperty('x');
  });

  it.each([
    [{}, undefined],
    [{ rawBody: false }, undefined],
    [{ rawBody: true }, Buffer.from('[1]').toString('base64')],
  ])('reaches the function in the documented form, with %j', async (more, rawBody) => {
    await using server = await startServer();
    const fn = await server.createFunction();
    await server.createTrigger({ functionId: fn.id, ...webhook('/in', more) });
    const { event_id } = (await server.deliver('in?x=1', { payload: '[1]' })).json();
    const position = (await server.events()).at(-1)?.position;
    if (position) await server.engine.reached(position);
    const called = JSON.parse(String(server.calls[0]?.body));
    expect(called.executionParams).toMatchObject({
      payload: [1],
      method: 'POST',
      query: { x: '1' },
    });
    expect(called.executionParams.rawBody).toBe(rawBody);
    expect(called.event).toMatchObject({ event_id, trigger_type: 'webhook', payload: [1] });
  });
});

describe('what is checked before a delivery is taken', () => {
  it('is the path first, to the letter', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/In/here'));
    for (const path of ['in/here', 'In', 'In//here', 'In/here/more', '', 'In%2Fher', '%E0%A4%A']) {
      const answer = await server.deliver(path, { payload: 'x' });
      expect([path, answer.statusCode]).toEqual([path, 404]);
      expect(answer.json().code).toBe('not_found');
    }
    const elsewhere = await server.http.inject({
      method: 'POST',
      url: '/workspace/other/api/v1/webhook/In/here',
    });
    expect(elsewhere.statusCode).toBe(404);
  });

  it('is then the method, then the size, then the signature, then whether it runs', async () => {
    await using server = await startServer({ bodyLimit: 1_024 });
    const trigger = await server.createTrigger(webhook('/in', { hmac: { secret: 's' } }));
    await server.ask('POST', `function-triggers/${trigger.id}/stop`);
    const big = 'x'.repeat(2_000);
    const get = await server.http.inject({
      method: 'PUT',
      url: '/workspace/acme/api/v1/webhook/in',
      payload: big,
    });
    expect([get.statusCode, get.headers.allow]).toEqual([405, 'POST']);
    const tooBig = await server.deliver('in', { payload: big });
    expect([tooBig.statusCode, tooBig.json().code]).toEqual([413, 'payload_too_large']);
    const unsigned = await server.deliver('in', { payload: 'x' });
    expect([unsigned.statusCode, unsigned.json()]).toEqual([
      401,
      { status: 'error', message: 'Missing or invalid signature' },
    ]);
    const forged = await server.deliver('in', {
      payload: 'x',
      headers: { 'x-webhook-signature': hmacOf('other', 'x') },
    });
    expect([forged.statusCode, forged.json()]).toEqual([
      401,
      { status: 'error', message: 'Invalid signature' },
    ]);
    const stopped = await server.deliver('in', {
      payload: 'x',
      headers: { 'x-webhook-signature': hmacOf('s', 'x') },
    });
    expect([stopped.statusCode, stopped.json()]).toEqual([
      503,
      { status: 'error', message: 'webhook stopped' },
    ]);
    expect(await arrivals(server)).toEqual([]);
  });

  it('is last whether there is room', async () => {
    await using server = await startServer({ call: hang });
    const fn = await server.createFunction();
    const trigger = await server.createTrigger({
      functionId: fn.id,
      ...webhook('/in', { queueCapacity: 2, concurrency: 1 }),
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => server.deliver('in', { payload: 'x' })),
    );
    const taken = answers.filter(({ statusCode }) => statusCode === 202).length;
    const full = answers.filter(({ statusCode }) => statusCode === 503);
    // Two wait, and one more may have been started between the posts.
    expect(taken).toBeGreaterThanOrEqual(2);
    expect(taken).toBeLessThanOrEqual(3);
    expect(taken + full.length).toBe(12);
    expect(full[0]?.json()).toEqual({ status: 'error', message: 'queue full' });
    expect(full[0]?.headers['retry-after']).toBe('30');
    expect((await arrivals(server)).length).toBe(taken);
    const shown = (await server.ask('GET', `function-triggers/${trigger.id}`)).json();
    expect(shown.refused).toBe(full.length);
  });
});

describe('signatures', () => {
  const body = '{"id":"evt_1","n":1}';
  const whsec = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
  const seconds = () => Math.floor(Date.now() / 1_000);
  const schemes: readonly [string, string, (secret: string) => Promise<Record<string, string>>][] =
    [
      [
        'github',
        'gh',
        async (secret) => ({
          'x-hub-signature-256': await sign(secret, body),
          'x-github-delivery': 'd-1',
        }),
      ],
      [
        'stripe',
        'st',
        async (secret) => ({
          'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload: body, secret }),
        }),
      ],
      [
        'standard-webhooks',
        whsec,
        async (secret) => ({
          'webhook-id': 'm-1',
          'webhook-timestamp': String(seconds()),
          'webhook-signature': new Webhook(secret).sign('m-1', new Date(seconds() * 1_000), body),
        }),
      ],
    ];

  it.each(schemes)('of %s let a delivery in, once', async (scheme, secret, headersOf) => {
    await using server = await startServer();
    const other = scheme === 'standard-webhooks' ? `whsec_${'A'.repeat(32)}` : 'old';
    await server.createTrigger(webhook('/in', { signature: { scheme, secrets: [other, secret] } }));
    const headers = await headersOf(secret);
    const first = await server.deliver('in', { payload: body, headers });
    const again = await server.deliver('in', { payload: body, headers: await headersOf(secret) });
    expect([first.statusCode, again.statusCode]).toEqual([202, 202]);
    expect(again.json()).toEqual({ ...first.json(), duplicate: true });
    const all = await server.events();
    const [arrival, ...others] = all.filter((event) => isFact(event, 'EventArrived'));
    expect(others).toEqual([]);
    expect(arrival?.data.verification).toEqual({ scheme, secret: 1 });
    expect(arrival?.data.deliveryId).toMatch(/^(d-1|evt_1|m-1)$/);
    const repeats = all.filter((event) => isFact(event, 'DeliveryRepeated'));
    expect(repeats.map(({ data }) => data.sameBody)).toEqual([true]);
    const forged = await server.deliver('in', { payload: `${body} `, headers });
    expect(forged.statusCode).toBe(401);
  });

  it('are checked against the new secret as soon as it is set', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger(webhook('/in', { hmac: { secret: 'old' } }));
    const deliver = async (secret: string) =>
      (
        await server.deliver('in', {
          payload: body,
          headers: { 'x-webhook-signature': hmacOf(secret, body) },
        })
      ).statusCode;
    expect([await deliver('old'), await deliver('new')]).toEqual([202, 401]);
    await server.ask('PUT', `function-triggers/${id}`, {
      payload: { triggerMetadata: { hmac: { secret: 'new' } } },
    });
    expect([await deliver('old'), await deliver('new')]).toEqual([401, 202]);
  });
});

describe('repeated deliveries', () => {
  it('are events of their own where the sender gives no id', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in'));
    const ids = await Promise.all(
      [1, 2].map(async () => (await server.deliver('in', { payload: 'same' })).json().event_id),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    ['a header', { header: 'X-Delivery' }, { 'x-delivery': '7' }, 'any'],
    ['a member of the body', { pointer: '/meta/id' }, {}, '{"meta":{"id":7}}'],
    ['the body itself', { body: true }, {}, 'the same'],
  ])('are known by %s', async (_, deduplication, headers, payload) => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in', { deduplication }));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => server.deliver('in', { payload, headers })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map((answer) => answer.json().event_id)).size).toBe(1);
    expect((await arrivals(server)).length).toBe(1);
  });

  it('with another body are a conflict, recorded', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in', { deduplication: { header: 'x-id' } }));
    const first = await server.deliver('in', { payload: 'one', headers: { 'x-id': '1' } });
    const other = await server.deliver('in', { payload: 'two', headers: { 'x-id': '1' } });
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency_key_reused']);
    expect(other.json().detail).toContain(first.json().event_id);
    const shown = (await server.ask('GET', `events/${first.json().event_id}`)).json();
    expect(shown.repeats).toMatchObject([{ sameBody: false }]);
    expect(shown.body.content).toBe('one');
  });

  it('with another body are still the same event where the signature covers the id', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in', { signature: { scheme: 'stripe', secrets: ['s'] } }));
    const deliver = async (payload: string) => {
      const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: 's' });
      return server.deliver('in', { payload, headers: { 'stripe-signature': header } });
    };
    const first = await deliver('{"id":"evt_9","pending_webhooks":2}');
    const again = await deliver('{"id":"evt_9","pending_webhooks":1}');
    expect([again.statusCode, again.json()]).toEqual([202, { ...first.json(), duplicate: true }]);
  });

  it('do not use up room', async () => {
    await using server = await startServer({ call: hang });
    await server.createTrigger(webhook('/in', { deduplication: { body: true }, queueCapacity: 2 }));
    for (let n = 0; n < 10; n += 1) {
      expect((await server.deliver('in', { payload: 'same' })).statusCode).toBe(202);
    }
  });
});
