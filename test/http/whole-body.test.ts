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
