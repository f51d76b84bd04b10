import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const bodyLimit = 1_000;
const tooLong = 3_000_000;
const path = '/workspace/acme/api/v1/webhook/in';

describe('a body that is refused before it has come', () => {
  let server: ServerUnderTest;
  let port: number;

  beforeEach(async () => {
    server = await startServer({ bodyLimit });
    await server.createTrigger({ executionType: 'webhook', triggerMetadata: { path: '/in' } });
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    port = (server.http.server.address() as AddressInfo).port;
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const head = (more: string, at = path): string =>
    `POST ${at} HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n${more}\r\n\r\n`;

  /** Writes all of it before it looks at what has come. */
  const writeAll = async (socket: Socket, bytes: number, frame = (chunk: string) => chunk) => {
    const chunk = 'x'.repeat(50_000);
    for (let sent = 0; sent < bytes; sent += chunk.length)
      if (!socket.write(frame(chunk))) await once(socket, 'drain');
  };

  const inChunk = (chunk: string) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`;

  it('is 413 to fetch, with the problem to read', async () => {
    for (const body of [Buffer.alloc(tooLong), Buffer.alloc(bodyLimit + 1)]) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body });
      expect([answer.status, await answer.json()]).toMatchObject([
        413,
        { code: 'payload_too_large' },
      ]);
    }
  });

  it('is 413 to fetch that does not know how long it is', async () => {
    const body = new ReadableStream({
      start: (stream) => {
        for (let n = 0; n < 60; n += 1) stream.enqueue(Buffer.alloc(50_000));
        stream.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect([answer.status, (await answer.json()) as object]).toMatchObject([413, {}]);
  });

  it.each([
    ['keeps', 'keep-alive'],
    ['closes', 'close'],
  ])('is 413 to a client that %s its connection', async (_, connection) => {
    const sending = request({
      ...{ port, path, method: 'POST', agent: false },
      headers: { connection, 'content-length': tooLong },
    });
    sending.end(Buffer.alloc(tooLong));
    const [answer] = await once(sending, 'response');
    expect(answer.statusCode).toBe(413);
    expect(JSON.parse(await text(answer)).code).toBe('payload_too_large');
    sending.destroy();
  });

  it.each([
    ['its length', `content-length: ${tooLong}`, undefined],
    ['chunks', 'transfer-encoding: chunked', inChunk],
  ])('is 413 to whoever writes on by %s and reads only then', async (_, how, frame) => {
    for (const close of ['', '\r\nconnection: close']) {
      const socket = connect(port, '127.0.0.1');
      socket.pause();
      socket.write(head(how + close));
      await writeAll(socket, tooLong, frame);
      if (frame) socket.write('0\r\n\r\n');
      socket.end();
      const heard = await text(socket);
      expect(heard).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
      expect(heard).toContain('"code":"payload_too_large"');
      expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
    }
  });

  it('leaves the connection good for the next request', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(head(`content-length: ${tooLong}`));
    await writeAll(socket, tooLong);
    socket.write(head('content-length: 1\r\nconnection: close'));
    socket.write('x');
    expect((await text(socket)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 202']);
  });

  it('is not taken in for ever', async () => {
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => {
      socket.on('close', resolve);
    });
    socket.on('error', () => {});
    socket.write(head('transfer-encoding: chunked'));
    let heard = '';
    socket.on('data', (data) => {
      heard += data;
    });
    const writing = writeAll(socket, Number.POSITIVE_INFINITY, inChunk);
    await Promise.race([closed, writing.catch(() => {})]);
    expect(heard).toMatch(/^HTTP\/1\.1 413/);
    expect(socket.bytesWritten).toBeGreaterThan(60_000_000);
  });

  it('is not asked for', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(head(`content-length: ${tooLong}\r\nexpect: 100-continue`));
    const heard = await text(socket);
    expect(heard).toMatch(/^HTTP\/1\.1 413/);
    expect(heard).not.toContain('100 Continue');
    const small = connect(port, '127.0.0.1');
    small.write(head('content-length: 2\r\nexpect: 100-continue\r\nconnection: close'));
    const [first] = await once(small, 'data');
    expect(String(first)).toMatch(/^HTTP\/1\.1 100 Continue\r\n/);
    small.write('xx');
    expect(await text(small)).toContain('HTTP/1.1 202');
  });

  it('is told of for other reasons, too', async () => {
    for (const [at, status] of [
      ['/workspace/acme/api/v1/function-triggers', 401],
      ['/workspace/acme/api/v1/webhook/nobody', 404],
    ] as const) {
      const socket = connect(port, '127.0.0.1');
      socket.pause();
      socket.write(head(`content-length: ${tooLong}\r\nconnection: close`, at));
      await writeAll(socket, tooLong);
      expect(await text(socket)).toContain(`HTTP/1.1 ${status}`);
    }
  });
});
