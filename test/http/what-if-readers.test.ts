import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const long = (letter: string) => ({ params: { text: letter.repeat(400_000) } });

/** With answers of some 40 MB: more than any connection holds that nobody reads from. */
const startedWith = async (arrivals: number) => {
  const server = await startServer();
  const { id: functionId } = await server.createFunction();
  const { id } = await server.createTrigger({
    ...{ functionId, executionType: 'message', triggerMetadata: { topic: 'orders', ...long('a') } },
  });
  const payload = { topic: 'orders', content: {} };
  for (let n = 0; n < arrivals; n += 1) await server.ask('POST', 'messages', { payload });
  await server.http.listen({ port: 0, host: '127.0.0.1' });
  return { server, id };
};

const question = (id: string) => ({
  trigger: id,
  definition: { triggerMetadata: long('b') },
  limit: 200,
});

/** A reader that has got the head of the answer, and nothing else until it is told to read. */
const pausedReader = async (server: ServerUnderTest, id: string) => {
  const { port } = server.http.server.address() as AddressInfo;
  const authorization = `Bearer ${await tokenOf()}`;
  const asked = request({
    ...{ port, host: '127.0.0.1', method: 'POST', path: '/workspace/acme/api/v1/what-if' },
    headers: { authorization, 'content-type': 'application/json' },
  });
  asked.end(JSON.stringify(question(id)));
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
  asked.on('error', () => {});
  expect(answer.statusCode).toBe(200);
  return {
    leave: () => asked.destroy(),
    lines: async () => {
      let text = '';
      for await (const piece of answer) text += piece;
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    },
  };
};

const statusOf = async (server: ServerUnderTest, id: string) => {
  const answer = await server.ask('POST', 'what-if', { payload: { ...question(id), limit: 0 } });
  return [answer.statusCode, answer.headers['retry-after']];
};

it('serves so many readers at once, however slow, until one of them leaves', async () => {
  const { server: opened, id } = await startedWith(50);
  await using server = opened;
  const first = await pausedReader(server, id);
  const second = await pausedReader(server, id);
  expect(await statusOf(server, id)).toEqual([429, '5']);
  first.leave();
  await expect.poll(() => statusOf(server, id)).toEqual([200, undefined]);
  expect((await second.lines()).at(-1)).toMatchObject({ line: 'sum', otherPayload: 50 });
  await expect.poll(() => statusOf(server, id)).toEqual([200, undefined]);
}, 60_000);

it('breaks off where the server stops, and says so', async () => {
  const { server: opened, id } = await startedWith(50);
  await using server = opened;
  const reader = await pausedReader(server, id);
  const closed = server.http.close();
  const lines = await reader.lines();
  expect(lines.at(-1)).toMatchObject({ line: 'error', code: 'shutting_down' });
  expect(lines.filter(({ line }) => line === 'sum')).toEqual([]);
  await closed;
}, 60_000);
