import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Connections, createConnections } from '../../src/http/connections.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

describe('the connections of a server that stops', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const step of undo.splice(0).reverse()) step();
  });

  /** Where `watched` is false, it is like a further listener that only requests are heard of. */
  const serving = async (watched = true) => {
    const connections: Connections = createConnections();
    const answers: ServerResponse[] = [];
    const server = createServer((_, response) => {
      connections.asked(response);
      answers.push(response);
    });
    if (watched) connections.watch(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    undo.push(() => server.close());
    const connected = () => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      undo.push(() => socket.destroy());
      return socket;
    };
    const open = (sent: string) => {
      const socket = connected();
      socket.write(sent);
      return text(socket);
    };
    return { connections, answers, connected, open };
  };

  it.each([true, false])(
    'are told that the answer is the last one (watched: %s)',
    async (watched) => {
      const { connections, answers, open } = await serving(watched);
      const heard = open(get('/'));
      await expect.poll(() => answers.length).toBe(1);
      connections.retire();
      answers[0]?.end('done');
      expect(await heard).toMatch(/^HTTP\/1\.1 200 OK\r\nconnection: close\r\n.*done/is);
      await connections.gone();
    },
  );

  it('get the answer under way also where half a request came behind it', async () => {
    const { connections, answers, open } = await serving();
    const half = 'POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf';
    const heard = open(get('/one') + half);
    await expect.poll(() => answers.length).toBe(2);
    connections.retire();
    answers[0]?.end('done');
    await expect.poll(() => answers[0]?.closed).toBe(true);
    connections.cutOff();
    expect(await heard).toMatch(/^HTTP\/1\.1 200 OK.*done/s);
    await connections.gone();
  });

  it('are closed where they come after that', async () => {
    const { connections, connected } = await serving();
    connections.retire();
    const socket = connected();
    socket.on('error', () => {});
    await once(socket, 'close');
    await connections.gone();
  });
});
