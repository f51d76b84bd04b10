import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { startServer, tokenOf } from './server-under-test.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

const content = JSON.stringify({ name: 'late', type: 'http', url: 'https://example.org/' });

/** What is answered where something happens between the head of a request and its body. */
const answerAfter = async (
  server: Server,
  token: string,
  between: () => Promise<unknown> | undefined,
): Promise<number> => {
  await server.http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.http.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const seen = once(server.http.server, 'request');
  socket.write(
    `POST /workspace/acme/api/v1/compute-functions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
      `authorization: Bearer ${token}\r\ncontent-type: application/json\r\n` +
      `content-length: ${content.length}\r\n\r\n`,
  );
  await seen;
  await between();
  socket.write(content);
  return Number((await text(socket)).slice(9, 12));
};

const functionsOf = async (server: Server) =>
  (await server.ask('GET', 'compute-functions')).json().functions;

it('takes a body that comes later', async () => {
  await using server = await startServer();
  expect(await answerAfter(server, await tokenOf(), () => undefined)).toBe(201);
});

it('refuses a body whose API key was revoked while it came', async () => {
  await using server = await startServer();
  const payload = { name: 'k', scopes: ['compute-functions:write'] };
  const { id, key } = (await server.ask('POST', 'api-keys', { payload })).json();
  const revoke = () => server.ask('DELETE', `api-keys/${id}`);
  expect(await answerAfter(server, key, revoke)).toBe(401);
  expect(await functionsOf(server)).toEqual([]);
});

it('refuses a body whose token ran out while it came', async () => {
  let now = Date.now();
  await using server = await startServer({ clock: { ...systemClock, now: () => now } });
  const token = await tokenOf();
  const aYear = async () => {
    now += 366 * 86_400_000;
  };
  expect(await answerAfter(server, token, aYear)).toBe(401);
  now -= 366 * 86_400_000;
  expect(await functionsOf(server)).toEqual([]);
});
