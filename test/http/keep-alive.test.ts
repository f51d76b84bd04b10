import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startServer } from './server-under-test.ts';

it.each([
  [60_000, 'timeout=60'],
  [72_000, 'timeout=72'],
])('an idle connection stays open for %i ms, and its peer is told', async (keepAliveMs, told) => {
  await using server = await startServer({ keepAliveMs });
  await server.http.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.http.server.address() as AddressInfo;
  const headers = await new Promise((resolve, reject) => {
    const request = { port, path: '/health/live', headers: { connection: 'keep-alive' } };
    get(request, (answer) => {
      answer.resume();
      resolve(answer.headers);
    }).on('error', reject);
  });
  expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': told });
});
