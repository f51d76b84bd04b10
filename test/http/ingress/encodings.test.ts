import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { isFact } from '../../../src/domain/events.ts';
import { hmacOf, type ServerUnderTest, startServer } from '../server-under-test.ts';

const webhook = (more: object = {}) => ({
  executionType: 'webhook',
  triggerMetadata: { path: '/in', ...more },
});

const arrivals = async (server: ServerUnderTest) =>
  (await server.events()).filter((event) => isFact(event, 'EventArrived'));

const send = (server: ServerUnderTest, payload: Buffer, encoding: string, headers: object = {}) =>
  server.deliver('in', { payload, headers: { 'content-encoding': encoding, ...headers } });

const text = JSON.stringify({ id: 'd-1', text: 'what there is to say '.repeat(20) });

describe('a compressed delivery', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['GZip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity, gzip ,', gzipSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))])],
    ['identity', Buffer.from(text)],
    ['', Buffer.from(text)],
  ])('by %s is taken for what it was before', async (encoding, payload) => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    await server.createTrigger({ functionId, ...webhook({ rawBody: true }) });
    const type = 'application/json';
    const answer = await send(server, payload, encoding, { 'content-type': type });
    expect(answer.statusCode).toBe(202);
    const [arrival] = await arrivals(server);
    const shown = await server.ask('GET', `events/${arrival?.data.arrivalId}`);
    expect(shown.json().body).toEqual({ encoding: 'utf8', content: text });
    const { headers } = arrival?.data.request ?? {};
    expect(headers).toMatchObject({ 'content-type': type, 'content-length': `${text.length}` });
    if (payload.toString() !== text) expect(headers).not.toHaveProperty('content-encoding');
    await expect.poll(() => server.calls.length).toBe(1);
    const { executionParams } = JSON.parse(String(server.calls[0]?.body));
    expect(executionParams.payload).toEqual(JSON.parse(text));
    expect(Buffer.from(executionParams.rawBody, 'base64').toString()).toBe(text);
  });

  it('without anything in it is nothing', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook());
    const type = { 'content-type': 'application/json' };
    const none = await send(server, Buffer.alloc(0), 'gzip', type);
    const packed = await send(server, gzipSync(''), 'gzip', type);
    expect([none.statusCode, packed.statusCode]).toEqual([202, 202]);
    const sizes = (await arrivals(server)).map(({ data: { body } }) => 'size' in body && body.size);
    expect(sizes).toEqual([0, 0]);
  });

  it.each([
    ['zstd', Buffer.from('x'), 415],
    ['compress', Buffer.from('x'), 415],
    ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync('x'))), 415],
    ['gzip', Buffer.from('hello'), 400],
    ['gzip', gzipSync(text).subarray(0, -9), 400],
    ['gzip', gzipSync(text).subarray(0, 5), 400],
    ['gzip', Buffer.concat([gzipSync(text), Buffer.from('rest')]), 400],
    ['deflate', deflateSync(text).subarray(0, -5), 400],
    ['deflate', Buffer.from('hello world'), 400],
    ['br', brotliCompressSync(text).subarray(0, -3), 400],
    ['br', Buffer.from([255, 255, 255, 255]), 400],
    ['br', Buffer.from('hello world'), 400],
    ['gzip', gzipSync(Buffer.alloc(2_000_000)), 413],
    ['br', brotliCompressSync(Buffer.alloc(2_000_000)), 413],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(2_000_000))), 413],
    ['deflate', deflateRawSync(Buffer.alloc(1_048_577)), 413],
  ])('by %s that cannot be read (%#) is refused in words', async (encoding, payload, status) => {
    await using server = await startServer();
    await server.createTrigger(webhook({ hmac: { secret: 's' } }));
    const answer = await send(server, payload, encoding);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    if (status === 415) expect(answer.headers['accept-encoding']).toBe('gzip, deflate, br');
    if (status === 400) expect(answer.json().details[0].message).toContain(`is not ${encoding}`);
    const elsewhere = await server.deliver('nowhere', {
      payload,
      headers: { 'content-encoding': encoding },
    });
    expect(elsewhere.statusCode).toBe(404);
    expect(await arrivals(server)).toEqual([]);
  });

  it('up to the limit is taken', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook());
    const answer = await send(server, gzipSync(Buffer.alloc(1_048_576)), 'gzip');
    // As long as the limit, and in the log longer than the store takes of binary data.
    expect([202, 413]).toContain(answer.statusCode);
    const spaces = await send(server, gzipSync(Buffer.alloc(500_000, ' ')), 'gzip');
    expect(spaces.statusCode).toBe(202);
  });

  it('may be signed as it was sent or as it was before', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook({ hmac: { secret: 's' } }));
    const packed = gzipSync(text);
    const signed = (bytes: Buffer) => ({
      'x-webhook-signature': `sha256=${createHmac('sha256', 's').update(bytes).digest('hex')}`,
    });
    const asSent = await send(server, packed, 'gzip', signed(packed));
    const before = await send(server, packed, 'gzip', { 'x-webhook-signature': hmacOf('s', text) });
    const neither = await send(server, packed, 'gzip', signed(Buffer.from('else')));
    const stripped = await server.deliver('in', { payload: text, headers: signed(packed) });
    expect([asSent, before, neither, stripped].map(({ statusCode }) => statusCode)).toEqual([
      202, 202, 401, 401,
    ]);
  });

  it.each([
    ['the body', { deduplication: { body: true } }],
    ['a member of it', { deduplication: { pointer: '/id' } }],
    ['a header', { deduplication: { header: 'x-id' } }],
  ])('is known again by %s however it is compressed', async (_, how) => {
    await using server = await startServer();
    await server.createTrigger(webhook(how));
    const headers = { 'x-id': '1' };
    const first = await send(server, gzipSync(text, { level: 1 }), 'gzip', headers);
    const again = [
      await send(server, gzipSync(text, { level: 9 }), 'gzip', headers),
      await send(server, brotliCompressSync(text), 'br', headers),
      await server.deliver('in', { payload: text, headers }),
    ];
    for (const answer of again)
      expect([answer.statusCode, answer.json()]).toEqual([
        202,
        { ...first.json(), duplicate: true },
      ]);
    expect(await arrivals(server)).toHaveLength(1);
  });

  it('of Stripe keeps its id', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook({ signature: { scheme: 'stripe', secrets: ['s'] } }));
    const payload = '{"id":"evt_1"}';
    const packed = gzipSync(payload);
    const seconds = Math.floor(Date.now() / 1_000);
    const digest = createHmac('sha256', 's').update(`${seconds}.`).update(packed).digest('hex');
    for (const header of [
      `t=${seconds},v1=${digest}`,
      Stripe.webhooks.generateTestHeaderString({ payload, secret: 's' }),
    ])
      expect((await send(server, packed, 'gzip', { 'stripe-signature': header })).statusCode).toBe(
        202,
      );
    const [arrival, ...others] = await arrivals(server);
    expect([arrival?.data.deliveryId, others]).toEqual(['evt_1', []]);
  });
});

describe('elsewhere', () => {
  it('what is compressed is refused, and the answer says that it must not be', async () => {
    await using server = await startServer();
    const answer = await server.ask('POST', 'messages', {
      payload: gzipSync('{"topic":"a","content":1}'),
      headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
    });
    expect([answer.statusCode, answer.headers['accept-encoding']]).toEqual([415, 'identity']);
  });
});
