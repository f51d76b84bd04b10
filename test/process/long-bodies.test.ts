import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { apiOf } from './api.ts';
import { githubHeaders } from './github-deliveries.ts';
import { githubSecret, setUpGithub } from './github-setup.ts';
import { peakOver } from './peak-memory.ts';
import { scratch } from './scratch.ts';
import { type Server, startServer } from './server-process.ts';
import { until } from './until.ts';

const limit = 26_214_400;
/**
 * What is promised is 64 MiB above an idle process. What waits to be collected of earlier calls comes
 * on top, and how much that is differs from one version of Node to the next: 50 to 85 were seen. A copy
 * too many of such a body is 25 MiB.
 */
const mostMib = 110;

/** A function that keeps what it was sent last, and answers unless it is not to. */
const openKeeper = async (answers = true) => {
  const state = { sent: Buffer.alloc(0), calls: 0 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    state.sent = Buffer.concat(chunks);
    state.calls += 1;
    if (answers) response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const deliver = async (url: string, body: Buffer<ArrayBuffer>): Promise<string> => {
  const signed = { event: 'push', id: randomUUID(), body };
  const answer = await fetch(url, {
    method: 'POST',
    headers: githubHeaders(signed, githubSecret),
    body,
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { event_id: string }).event_id;
};

const addressOf = (server: Server, path: string): string =>
  `${server.url}/workspace/${apiOf(server).workspace}/api/v1/${path}`;

const read = async (server: Server, path: string): Promise<string> => {
  const headers = { authorization: `Bearer ${server.token}` };
  const answer = await fetch(addressOf(server, path), { headers });
  expect(answer.status).toBe(200);
  return answer.text();
};

/** Asks for something and takes none of it. */
const askAndPause = async (server: Server, path: string) => {
  const { pathname } = new URL(addressOf(server, path));
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\n\r\n`,
  );
  return socket;
};

/** JSON as long as it may be. */
const longJson = (): Buffer<ArrayBuffer> => {
  const items = Array.from({ length: 25_000 }, (_, n) => ({
    n,
    t: randomBytes(500).toString('hex'),
  }));
  return Buffer.from(JSON.stringify({ items }));
};

/** They cost more time than JSON, byte by byte, and as much memory. */
const anyBytes = (): Buffer<ArrayBuffer> => randomBytes(limit / 4);

describe('a body as long as it may be', () => {
  it.each([
    ['25 MB of JSON', longJson, 'utf8'],
    ['any bytes', anyBytes, 'base64'],
  ] as const)(
    'comes through the whole way as it is, and costs bounded memory: %s',
    async (_, make, encoding) => {
      await using resources = scratch();
      const dataDir = await resources.directory();
      await using keeper = await openKeeper();
      await using server = await startServer({
        dataDir,
        env: { TRIPLINE_BODY_LIMIT: String(limit) },
      });
      const { url } = await setUpGithub(apiOf(server), keeper.url);
      const called = async (body: Buffer<ArrayBuffer>): Promise<string> => {
        const before = keeper.state.calls;
        const id = await deliver(url, body);
        await until('the function was called', () => keeper.state.calls > before, 180_000);
        return id;
      };
      const body = make();
      const peaks: number[] = [];
      let id = '';
      peaks.push(
        await peakOver(server.pid, async () => {
          id = await called(body);
        }),
      );
      const { executionParams, event } = JSON.parse(keeper.state.sent.toString());
      expect(Buffer.from(executionParams.rawBody, 'base64').equals(body)).toBe(true);
      const expected = encoding === 'utf8' ? JSON.parse(body.toString()) : body.toString();
      // Not for the runner to print, should they differ.
      expect(JSON.stringify(event.payload) === JSON.stringify(expected)).toBe(true);

      let text = '';
      peaks.push(
        await peakOver(server.pid, async () => {
          text = await read(server, `events/${id}`);
        }),
      );
      const shown = JSON.parse(text).body;
      expect(shown.encoding).toBe(encoding);
      expect(Buffer.from(shown.content, shown.encoding).equals(body)).toBe(true);

      peaks.push(
        await peakOver(server.pid, async () => {
          const paused = await Promise.all(
            [1, 2, 3, 4, 5, 6].map(() => askAndPause(server, `events/${id}`)),
          );
          await read(server, `events/${id}`);
          for (const socket of paused) socket.destroy();
        }),
      );
      expect(peaks.filter((peak) => peak > mostMib)).toEqual([]);
    },
    600_000,
  );
});

describe('900 bodies of 900 KB', () => {
  it('wait, are listed, audited and exported in a process with little memory', async () => {
    await using resources = scratch();
    const dataDir = await resources.directory();
    await using keeper = await openKeeper(false);
    await using server = await startServer({
      dataDir,
      env: { NODE_OPTIONS: '--max-old-space-size=256', TRIPLINE_SHUTDOWN_GRACE_MS: '0' },
    });
    const { url } = await setUpGithub(apiOf(server), keeper.url, {
      metadata: { concurrency: 1 },
    });
    const body = Buffer.alloc(900_000, 'x');
    for (let n = 0; n < 900; n += 6) {
      await Promise.all(Array.from({ length: 6 }, () => deliver(url, body)));
    }
    let next: string | null = '';
    const seen = new Set<string>();
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const page = JSON.parse(await read(server, `events?limit=500${after}`));
      for (const event of page.events) seen.add(event.id);
      next = page.next;
    }
    expect(seen.size).toBe(900);
    expect((await read(server, 'audit?limit=500')).length).toBeLessThan(3_000_000);
    const lines = (await read(server, 'audit/export?type=EventArrived')).trim().split('\n');
    expect(lines).toHaveLength(900);
    expect((await server.stop()).code).toBe(0);
  }, 300_000);
});
