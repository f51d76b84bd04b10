import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const bodyLimit = 600_000;
const webhook = '/workspace/acme/api/v1/webhook/in';

/** Around the length from which bodies are read into their place, and the limit. */
const lengths = [262_143, 262_144, 262_145, bodyLimit];

describe('a long body', () => {
  let server: ServerUnderTest;
  let port: number;

  beforeEach(async () => {
    server = await startServer({ bodyLimit });
    await server.createTrigger({ executionType: 'webhook', triggerMetadata: { path: '/in' } });
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    port = (server.http.server.address() as AddressInfo).port;
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const post = async (path: string, body: Buffer, headers: Record<string, string> = {}) => {
    const asking = request({ port, path, method: 'POST', headers });
    for (let at = 0; at < body.length; at += 50_000) asking.write(body.subarray(at, at + 50_000));
    asking.end();
    const [answer] = await once(asking, 'response');
    return { status: answer.statusCode, body: (await json(answer)) as { event_id: string } };
  };

  const kept = async (id: string): Promise<Buffer> => {
    const { body } = (await server.ask('GET', `events/${id}`)).json();
    return Buffer.from(body.content, body.encoding);
  };

  it.each(lengths)(
    'of %i bytes is kept as it came, with and without its length',
    async (length) => {
      const body = randomBytes(length);
      for (const headers of [
        { 'content-length': String(length) },
        { 'transfer-encoding': 'chunked' },
      ]) {
        const { status, body: answer } = await post(webhook, body, headers);
        expect(status).toBe(202);
        expect((await kept(answer.event_id)).equals(body)).toBe(true);
      }
    },
  );

  it('that is JSON nested too deep is refused, and one that is not goes on', async () => {
    const deep = (depth: number) =>
      Buffer.from(`${'['.repeat(depth)}"${'x'.repeat(300_000)}"${']'.repeat(depth)}`);
    const withLength = (body: Buffer) =>
      post(webhook, body, { 'content-length': `${body.length}` });
    expect((await withLength(deep(512))).status).toBe(202);
    expect((await withLength(deep(513))).status).toBe(400);
  });

  it('that is compressed is unpacked, within the limit of what it was', async () => {
    const plain = randomBytes(400_000);
    const send = (bytes: Buffer) => {
      const packed = gzipSync(bytes);
      const headers = { 'content-length': `${packed.length}`, 'content-encoding': 'gzip' };
      return post(webhook, packed, headers);
    };
    const { status, body } = await send(plain);
    expect(status).toBe(202);
    expect((await kept(body.event_id)).equals(plain)).toBe(true);
    expect((await send(Buffer.concat([plain, Buffer.alloc(300_000)]))).status).toBe(413);
  });

  it('that is a message is published as it came, a byte order mark aside', async () => {
    const content = 'x'.repeat(400_000);
    for (const mark of ['', '\ufeff']) {
      const text = Buffer.from(`${mark}{"topic":"a","content":"${content}","message_id":"m"}`);
      const { status, body } = await post('/workspace/acme/api/v1/messages', text, {
        'content-length': `${text.length}`,
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf()}`,
      });
      // The same id with the same text stands for the same message.
      expect([status, body]).toMatchObject([202, mark === '' ? {} : { duplicate: true }]);
      expect(JSON.parse((await kept(body.event_id)).toString()).content).toBe(content);
    }
  });

  const publish = async (where: string, body: Buffer, more = {}) =>
    await post(`/workspace/acme/api/v1/${where}`, body, {
      'content-length': `${body.length}`,
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenOf()}`,
      ...more,
    });

  it('that is an event is kept as a short one would be, and known again for what was sent', async () => {
    const data = `{"b": 1e400, "__proto__":[" é\\u20ac", "${'x'.repeat(400_000)}" ]}`;
    const event = (id: string, value: string) =>
      Buffer.from(`{"data" : ${value} ,"event_type":"order","event_id":"${id}"}`);
    const published = await publish('events', event('one', data));
    const short = await publish('events', event('two', '{}'));
    const expected = (await kept(short.body.event_id)).toString();
    const id = (body: { event_id: string }) => JSON.stringify(body.event_id);
    expect(published.status).toBe(202);
    const found = (await kept('one')).toString();
    expect(found === expected.replace(id(short.body), id(published.body)).replace('{}', data)).toBe(
      true,
    );
    const again = await publish('events', event('one', data));
    expect([again.status, again.body]).toMatchObject([202, { duplicate: true }]);
    const other = await publish('events', event('one', data.replace('b', 'c')));
    expect(other.status).toBe(409);
  });

  it.each([
    ['broken', `{"topic":"a","content":["${'x'.repeat(300_000)}"}`],
    ['too long a name', `{"topic":"${'x'.repeat(300_000)}","content":1}`],
    ['no object', JSON.stringify(['x'.repeat(300_000)])],
    ['nested too deep', `{"topic":"a","content":${'['.repeat(150_000)}${']'.repeat(150_000)}}`],
  ])('that is no message is refused: %s', async (_, text) => {
    expect((await publish('messages', Buffer.from(text))).status).toBe(400);
  });

  it('that is no UTF-8 is no JSON', async () => {
    const bytes = Buffer.from(`{"topic":"a","content":"${'x'.repeat(300_000)}"}`);
    bytes[100] = 0xff;
    expect((await publish('messages', bytes)).status).toBe(400);
  });

  it('that is what a trigger is executed with is kept as it came, and compared where there is a key', async () => {
    const { id } = await server.createTrigger({ executionType: 'on-demand', triggerMetadata: {} });
    const body = Buffer.from(JSON.stringify(['é', 'x'.repeat(400_000)]));
    const where = `function-triggers/${id}/execute`;
    expect((await publish(where, body)).status).toBe(200);
    const key = { 'idempotency-key': 'a-key-of-its-own' };
    expect((await publish(where, body, key)).status).toBe(200);
    expect((await publish(where, body, key)).status).toBe(200);
    expect((await publish(where, Buffer.from(`${body} `), key)).status).toBe(422);
    const { events } = (await server.ask('GET', 'events')).json();
    for (const event of events) expect((await kept(event.id)).equals(body)).toBe(true);
    expect((await publish(where, body.subarray(1))).status).toBe(400);
  });

  it('that is broken off leaves nothing, and the server goes on', async () => {
    const socket = connect(port, '127.0.0.1');
    const head = `POST ${webhook} HTTP/1.1\r\nhost: a\r\ncontent-length: 500000\r\n\r\n`;
    socket.write(head + 'x'.repeat(300_000));
    await once(socket, 'drain').catch(() => undefined);
    socket.destroy();
    const body = randomBytes(300_000);
    const { status } = await post(webhook, body, { 'content-length': `${body.length}` });
    expect(status).toBe(202);
    expect((await server.ask('GET', 'events')).json().events).toHaveLength(1);
  });
});
