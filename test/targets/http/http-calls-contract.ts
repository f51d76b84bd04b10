import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../../src/domain/invocation/outcome.ts';
import type { HttpTargetOptions } from '../../../src/targets/http/http-target.ts';
import { Interrupter } from '../../../src/targets/interrupter.ts';
import type { Call, CallTarget } from '../../../src/targets/target.ts';
import { lastingPort } from '../../lasting-port.ts';
import { httpServer, rawServer } from './listening.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export const opened = async <T extends { close(): Promise<void> }>(
  thing: T | Promise<T>,
): Promise<T> => {
  const it = await thing;
  cleanups.push(() => it.close());
  return it;
};

export const failed = (outcome: CallOutcome) => {
  if (outcome.ok) throw new Error('the call succeeded');
  return outcome;
};

export const answering = (status: number, headers: Record<string, string> = {}, body = '') =>
  opened(httpServer((_, response) => response.writeHead(status, headers).end(body)));

const saying = (bytes: string) =>
  opened(rawServer((socket) => socket.once('data', () => socket.write(bytes))));

/** What every caller of HTTP functions must do, in whichever thread. */
export const itCallsHttp = (
  where: string,
  create: (options: HttpTargetOptions) => CallTarget,
): void => {
  describe(`HTTP calls ${where}`, () => {
    /** One for all tests, each of which has servers of its own: a thread for each would take a minute. */
    let target: CallTarget;
    beforeAll(() => {
      target = create({ allowPrivate: true });
    });
    afterAll(() => target.close());

    const call = (url: string, over: Partial<Call> = {}): Promise<CallOutcome> =>
      target.call({
        url,
        body: '{"n":1}',
        headers: {},
        timeoutMs: 20_000,
        ...over,
      });

    describe('a call', () => {
      it('posts the body and gives back what was answered', async () => {
        const seen: string[] = [];
        const server = await opened(
          httpServer((request, response) => {
            request.setEncoding('utf8').on('data', (text: string) => seen.push(text));
            request.on('end', () => {
              seen.push(
                String(request.method),
                String(request.headers['x-mine']),
                String(request.url),
              );
              response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}');
            });
          }),
        );
        const outcome = await call(`${server.url}in?x=1`, { headers: { 'x-mine': 'yes' } });
        expect(outcome).toMatchObject({
          ok: true,
          answer: {
            status: 201,
            contentType: 'application/json',
            body: { encoding: 'utf8', content: '{"ok":true}' },
            truncated: false,
          },
        });
        expect(seen).toEqual(['{"n":1}', 'POST', 'yes', '/in?x=1']);
      });

      it('keeps no more of a content type than anybody needs', async () => {
        const { url } = await answering(200, { 'content-type': `text/${'x'.repeat(300)}` });
        expect(await call(url)).toMatchObject({
          answer: { contentType: `text/${'x'.repeat(251)}` },
        });
      });

      it('takes an empty 204 for success', async () => {
        const { url } = await answering(204);
        expect(await call(url)).toMatchObject({
          ok: true,
          answer: { status: 204, contentType: null },
        });
      });

      it.each([400, 404, 429, 500, 502, 503])('fails with the status on %i', async (status) => {
        const { url } = await answering(status, {}, 'no');
        expect(failed(await call(url)).failure).toMatchObject({
          kind: 'status',
          message: `the target answered ${status}`,
          status,
          body: { encoding: 'utf8', content: 'no' },
        });
      });

      it('tells 410 apart', async () => {
        const { url } = await answering(410);
        expect(failed(await call(url)).failure.kind).toBe('gone');
      });

      it.each([300, 301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
        let requests = 0;
        const server = await opened(
          httpServer((_, response) => {
            requests += 1;
            response.writeHead(status, { location: '/again' }).end();
          }),
        );
        expect(failed(await call(server.url)).failure).toMatchObject({ kind: 'redirect', status });
        expect(requests).toBe(1);
      });

      it.each([
        ['120', 120_000],
        ['0', null],
        ['-5', null],
        ['NaN', null],
        ['1e12', null],
        ['1000000000000', null],
        ['soon', null],
        ['Wed, 21 Oct 2015 07:28:00 GMT', null],
        ['', null],
      ])('understands Retry-After %j as %j', async (header, expected) => {
        const { url } = await answering(503, { 'retry-after': header });
        expect(failed(await call(url)).retryAfterMs).toBe(expected);
      });

      it('understands Retry-After as a date', async () => {
        const { url } = await answering(429, {
          'retry-after': new Date(Date.now() + 90_000).toUTCString(),
        });
        const { retryAfterMs } = failed(await call(url));
        expect(retryAfterMs).toBeGreaterThan(80_000);
        expect(retryAfterMs).toBeLessThanOrEqual(90_000);
      });
    });

    describe('the deadline', () => {
      const quick = { timeoutMs: 150 };

      it('ends a call that is never answered', async () => {
        const server = await opened(rawServer(() => {}));
        const outcome = failed(await call(server.url, quick));
        expect(outcome.failure.kind).toBe('timeout');
        expect(outcome.durationMs).toBeLessThan(20_000);
      });

      it.each([
        ['an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'],
        ['headers', 'HTTP/1.1 200 OK\r\n'],
      ])('ends %s dripping in', async (_what, beginning) => {
        const server = await opened(
          rawServer((socket) => {
            socket.write(beginning);
            const drip = setInterval(() => socket.write('x'), 10);
            socket.on('close', () => clearInterval(drip));
          }),
        );
        expect(failed(await call(server.url, quick)).failure.kind).toBe('timeout');
      });

      it('begins when the call leaves, which no other call holds up', async () => {
        const waiting: ServerResponse[] = [];
        const server = await opened(
          httpServer((request, response) => {
            if (request.url === '/slow') waiting.push(response);
            else response.end('ok');
          }),
        );
        const send = (path: string, timeoutMs: number) =>
          target.call({ url: server.url + path, body: '{}', headers: {}, timeoutMs });
        const slow = Array.from({ length: 400 }, () => send('slow', 20_000));
        await expect.poll(() => waiting.length).toBe(400);
        expect(await send('quick', 5_000)).toMatchObject({ ok: true });
        for (const response of waiting) response.end();
        expect((await Promise.all(slow)).every(({ ok }) => ok)).toBe(true);
      });

      it('closes the connection of the call it ended', async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        const port = typeof address === 'object' && address ? address.port : 0;
        const connected = once(server, 'connection');
        const pending = call(`http://127.0.0.1:${port}/`, quick);
        const [socket] = await connected;
        const ended = once(socket, 'close');
        socket.resume().on('error', () => {});
        await pending;
        await ended;
        await new Promise((resolve) => server.close(resolve));
      });
    });

    describe('hostile answers', () => {
      it('reads at most 1 MiB of an endless answer, keeps 256 KiB, and lets the status decide', async () => {
        let sent = 0;
        const server = await opened(
          rawServer((socket) => {
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n');
            const chunk = 'é'.repeat(16_384);
            const more = (): void => {
              while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
            };
            socket.on('drain', more);
            more();
          }),
        );
        const outcome = await call(server.url);
        if (!outcome.ok) throw new Error('the call failed');
        expect(outcome.answer.truncated).toBe(true);
        expect(outcome.answer.body.encoding).toBe('utf8');
        expect(Buffer.byteLength(outcome.answer.body.content)).toBe(262_144);
        expect(sent).toBeLessThan(64 * 1_048_576);
      });

      it('keeps text as text where the cut goes through a character', async () => {
        const { url } = await answering(200, {}, `x${'é'.repeat(200_000)}`);
        const outcome = await call(url);
        if (!outcome.ok) throw new Error('the call failed');
        expect(outcome.answer.body.encoding).toBe('utf8');
        expect(Buffer.byteLength(outcome.answer.body.content)).toBe(262_143);
      });

      it('does not decompress', async () => {
        const bomb = gzipSync(Buffer.alloc(10_000_000));
        const server = await opened(
          httpServer((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb)),
        );
        const outcome = await call(server.url);
        expect(outcome).toMatchObject({ ok: true, answer: { body: { encoding: 'base64' } } });
      });

      it.each([
        [200, { ok: true, answer: { status: 200, body: { content: 'ok' } } }],
        [500, { ok: false, failure: { kind: 'status', status: 500 } }],
        [410, { ok: false, failure: { kind: 'gone' } }],
      ])('lets %i decide where the headers are many', async (status, expected) => {
        const lines = Array.from({ length: 200 }, (_, n) => `x-${n}: ${'a'.repeat(1_000)}\r\n`);
        const { url } = await saying(
          `HTTP/1.1 ${status} Yes\r\n${lines.join('')}content-length: 2\r\n\r\nok`,
        );
        expect(await call(url)).toMatchObject(expected);
      });

      it.each([
        [204, '', { ok: true, answer: { status: 204, body: { content: '' } } }],
        [204, 'hello', { ok: true, answer: { status: 204, body: { content: '' } } }],
        [304, '', { ok: false, failure: { kind: 'redirect', status: 304 } }],
      ])('lets %i decide whatever length it gives itself', async (status, body, expected) => {
        const { url } = await saying(`HTTP/1.1 ${status} So\r\ncontent-length: 5\r\n\r\n${body}`);
        expect(await call(url)).toMatchObject(expected);
      });

      it('refuses endless headers', async () => {
        const server = await opened(
          rawServer((socket) => {
            socket.write('HTTP/1.1 200 OK\r\n');
            const line = `x-a: ${'a'.repeat(1_000)}\r\n`;
            const more = (): void => {
              while (!socket.destroyed && socket.write(line));
            };
            socket.on('drain', more);
            more();
          }),
        );
        expect(failed(await call(server.url)).failure.kind).toBe('protocol');
      });

      it.each([
        ['garbage', '\x00\x01 this is no HTTP\r\n\r\n'],
        ['a bad status line', 'HTTP/1.1 abc OK\r\n\r\n'],
        ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc'],
        ['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc'],
      ])('takes %s for a failure of the protocol', async (_, bytes) => {
        const { url } = await saying(bytes);
        expect(failed(await call(url)).failure.kind).toBe('protocol');
      });

      it('does not switch protocols', async () => {
        const { url } = await saying(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
        );
        expect(failed(await call(url)).failure.kind).toMatch(/protocol|connection/);
      });

      it('takes an answer that breaks off for a failure', async () => {
        const server = await opened(
          rawServer((socket) =>
            socket.once('data', () =>
              socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
            ),
          ),
        );
        expect(failed(await call(server.url)).failure.kind).toBe('protocol');
      });

      it('keeps bytes that are no text in base64', async () => {
        const server = await opened(
          httpServer((_, response) => response.end(Buffer.from([0xff, 0xfe, 0x00]))),
        );
        expect(await call(server.url)).toMatchObject({
          ok: true,
          answer: { body: { encoding: 'base64', content: '//4A' } },
        });
      });

      it('lets the status decide where JSON is promised and something else comes', async () => {
        const { url } = await answering(200, { 'content-type': 'application/json' }, '{"half":');
        expect(await call(url)).toMatchObject({
          ok: true,
          answer: { body: { content: '{"half":' } },
        });
      });
    });

    describe('connections', () => {
      it('tells a refused connection', async () => {
        const url = `http://127.0.0.1:${await lastingPort()}/`;
        expect(failed(await call(url)).failure.kind).toBe('connection');
      });

      it('tells a reset', async () => {
        const server = await opened(
          rawServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
        );
        expect(failed(await call(server.url)).failure.kind).toBe('connection');
      });

      it('tells a name that does not resolve', async () => {
        expect(failed(await call('http://nothing.invalid/')).failure.kind).toBe('dns');
      });

      it('tells a TLS failure', async () => {
        const server = await opened(httpServer((_, response) => response.end()));
        const { kind } = failed(await call(server.url.replace('http:', 'https:'))).failure;
        expect(kind).toBe('tls');
      });

      it('is interrupted', async () => {
        const server = await opened(rawServer(() => {}));
        const interrupter = new Interrupter();
        const pending = call(server.url, { interrupter });
        interrupter.interrupt();
        expect(failed(await pending).failure.kind).toBe('shutdown');
      });

      it('does not begin once interrupted', async () => {
        const { url } = await answering(200);
        const interrupter = new Interrupter();
        interrupter.interrupt();
        const outcome = await call(url, { interrupter });
        expect(failed(outcome).failure.kind).toBe('shutdown');
      });

      it('keeps connections for later calls', async () => {
        const ports = new Set<number | undefined>();
        const server = await opened(
          httpServer((request, response) => {
            ports.add(request.socket.remotePort);
            response.end('ok');
          }),
        );
        for (let n = 0; n < 5; n += 1) await call(server.url);
        expect(ports.size).toBeLessThan(3);
      });

      const answer = (content: string) =>
        `HTTP/1.1 200 OK\r\ncontent-length: ${content.length}\r\n\r\n${content}`;
      const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
      const goOnAtLength = 'HTTP/1.1 100 Go on\r\nx-a: b\r\n\r\n';

      it.each([
        ['at once', [goOn + answer('a'), goOn + answer('b')]],
        ['long before', [goOn, answer('a'), goOn, answer('b')]],
        ['byte by byte', [...goOn, ...answer('a'), ...goOn, ...answer('b')]],
        ['several times', [goOn + goOnAtLength + goOn + answer('a'), goOnAtLength, answer('b')]],
        ['before a part of the answer', [`${goOn}HTT`, answer('a').slice(3), answer('b')]],
        ['once only', [goOn + answer('a'), answer('b')]],
        [
          'beside early hints',
          [`${goOn}HTTP/1.1 103 Early Hints\r\n\r\n`, answer('a'), answer('b')],
        ],
      ])('takes 100 Continue that nobody asked for: %s', async (_, pieces) => {
        const server = await opened(
          rawServer((socket) => {
            const left = [...pieces];
            const sayNext = (): void => {
              const piece = left.shift();
              if (piece === undefined) return;
              socket.write(piece);
              // An answer ends with its letter; the rest is for the next request.
              if (!/[ab]$/.test(piece)) setImmediate(sayNext);
            };
            socket.setNoDelay(true).on('data', sayNext);
          }),
        );
        const contents = [];
        for (const body of ['{"n":1}', '{"n":2}']) {
          const outcome = await call(server.url, { body });
          contents.push(outcome.ok ? outcome.answer.body.content : outcome.failure);
        }
        expect(contents).toEqual(['a', 'b']);
      });

      /** Answers the first request of each connection; what it does with the next is the test's affair. */
      const stale = async (second: (socket: Socket) => void, firsts = Number.POSITIVE_INFINITY) => {
        const seen: string[] = [];
        let connections = 0;
        const server = await opened(
          rawServer((socket) => {
            connections += 1;
            let requests = 0;
            const mayAnswer = connections <= firsts;
            socket.on('data', (bytes) => {
              requests += 1;
              seen.push(/\{.*\}/.exec(bytes.toString())?.[0] ?? '');
              if (requests === 1 && mayAnswer) socket.write(answer('ok'));
              else second(socket);
            });
          }),
        );
        return { seen, url: server.url };
      };
      const twice = async (url: string, headers: Record<string, string>) =>
        [await call(url, { headers }), await call(url, { headers, body: '{"n":2}' })] as const;
      const key = { 'idempotency-key': 'k' };

      it.each<[string, (socket: Socket) => void]>([
        ['reset', (socket) => socket.resetAndDestroy()],
        ['closed', (socket) => socket.end()],
      ])('is made anew, at once, where a kept one is %s before any answer', async (_, breakOff) => {
        const { seen, url } = await stale(breakOff);
        const [, second] = await twice(url, key);
        expect(second).toMatchObject({ ok: true });
        expect(seen).toEqual(['{"n":1}', '{"n":2}', '{"n":2}']);
      });

      it('is made anew only once', async () => {
        const { seen, url } = await stale((socket) => socket.resetAndDestroy(), 1);
        const [, second] = await twice(url, key);
        expect(failed(second).failure.kind).toBe('connection');
        expect(seen).toEqual(['{"n":1}', '{"n":2}', '{"n":2}']);
      });

      it('is not made anew for a request that the target could not recognise', async () => {
        const { seen, url } = await stale((socket) => socket.resetAndDestroy());
        const [, second] = await twice(url, {});
        expect(failed(second).failure.kind).toBe('connection');
        expect(seen).toEqual(['{"n":1}', '{"n":2}']);
      });

      it.each(['H', goOn, 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal'])(
        'is not made anew once an answer has begun: %j',
        async (beginning) => {
          const { seen, url } = await stale((socket) => socket.end(beginning));
          const [, second] = await twice(url, key);
          expect(failed(second).failure.kind).toMatch(/connection|protocol/);
          expect(seen).toEqual(['{"n":1}', '{"n":2}']);
        },
      );

      it('is not made anew where a fresh one breaks', async () => {
        const { seen, url } = await stale((socket) => socket.resetAndDestroy(), 0);
        expect(failed(await call(url, { headers: key })).failure.kind).toBe('connection');
        expect(seen).toHaveLength(1);
      });

      it('turns a header that would split the request into a failure', async () => {
        const { url } = await answering(200);
        const outcome = await call(url, { headers: { 'x-a': 'b\r\nx-c: d' } });
        expect(failed(outcome).failure.kind).toBe('protocol');
      });
    });
  });
};
