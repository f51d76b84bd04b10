import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buildConnector, type Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createLines, type Line } from '../../../src/targets/http/lines.ts';
import { httpServer, rawServer } from './listening.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Lines to one origin, and the connections that they make. */
const linesTo = (url: string) => {
  const sockets: Socket[] = [];
  const connect = buildConnector({});
  const lines = createLines((options, callback) =>
    connect(options, (...result) => {
      if (result[1]) sockets.push(result[1]);
      callback(...result);
    }),
  );
  closing.push(() => lines.close());
  const { origin } = new URL(url);
  return { lines, sockets, take: () => lines.take(origin), open: () => lines.open(origin) };
};

const request = { origin: '', path: '/', headers: {}, body: '' };

/** Resolves with what the exchange over the line came to. */
const sent = (line: Line): Promise<'answered' | 'broken'> =>
  new Promise((resolve) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: () => {},
      onResponseData: () => {},
      onResponseEnd: () => resolve('answered'),
      onResponseError: () => resolve('broken'),
    };
    line.send(request, handler);
  });

const serve = async (line: Line): Promise<Line> => {
  expect(await sent(line)).toBe('answered');
  line.free();
  return line;
};

const answering = async () => {
  const server = await httpServer((_, response) => response.end('ok'));
  closing.unshift(() => server.close());
  return server.url;
};

/** Breaks a connection, and waits until its line must have seen it. */
const broken = async (socket: Socket | undefined): Promise<void> => {
  if (!socket) throw new Error('there is no such connection');
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
};

describe('the lines to an origin', () => {
  it('are taken again once they are free, and are new where none is', async () => {
    const { take, open } = linesTo(await answering());
    const [one, other] = [take(), take()];
    expect(one).not.toBe(other);
    await Promise.all([serve(one), serve(other)]);
    expect(open()).not.toBe(other);
    expect(new Set([take(), take()])).toEqual(new Set([one, other]));
    expect([one, other]).not.toContain(take());
  });

  it.each([0, 1])('are not taken again once they broke, the others are: %i', async (place) => {
    const { take, sockets } = linesTo(await answering());
    const lines = [take(), take()];
    for (const line of lines) await sent(line);
    for (const line of lines) line.free();
    await broken(sockets[place]);
    expect(take()).toBe(lines[1 - place]);
    expect(lines).not.toContain(take());
  });

  it('are all closed at the end, be they free or not', async () => {
    const { lines, take, sockets } = linesTo(await answering());
    const [free, busy] = [take(), take()];
    await Promise.all([serve(free), sent(busy)]);
    await lines.close();
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
    expect([free, busy]).not.toContain(take());
  });
});

describe('a line', () => {
  /** Answers so often on each connection, and then says this much and hangs up. */
  const hangingUp = async (answers: number, lastWord: string) => {
    const server = await rawServer((socket) => {
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (requests <= answers) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        else socket.end(lastWord);
      });
    });
    closing.unshift(() => server.close());
    return linesTo(server.url);
  };

  it('may be stale where it has served and says nothing more', async () => {
    const { take } = await hangingUp(1, '');
    const line = take();
    expect(line.mayBeStale).toBe(false);
    await serve(line);
    expect(await sent(line)).toBe('broken');
    expect(line.mayBeStale).toBe(true);
  });

  it('is not stale where it has begun to answer', async () => {
    const { take } = await hangingUp(1, 'HTTP/1.1 200 OK\r\n');
    const line = await serve(take());
    expect(await sent(line)).toBe('broken');
    expect(line.mayBeStale).toBe(false);
  });

  it('is not stale where it has never served', async () => {
    const { take } = await hangingUp(0, '');
    const line = take();
    expect(await sent(line)).toBe('broken');
    expect(line.mayBeStale).toBe(false);
  });

  it('that is dropped while others are free leaves them be', async () => {
    const { take } = linesTo(await answering());
    const [busy, free] = [take(), take()];
    await Promise.all([sent(busy), serve(free)]);
    busy.drop();
    expect(take()).toBe(free);
  });

  it('that is dropped is closed and taken by nobody', async () => {
    const { take, sockets } = linesTo(await answering());
    const line = await serve(take());
    line.drop();
    expect(take()).not.toBe(line);
    if (!sockets[0]?.destroyed) await once(sockets[0] as Socket, 'close');
  });
});
