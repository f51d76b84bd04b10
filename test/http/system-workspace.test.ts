import { expect, it } from 'vitest';
import { startServer, tokenOf } from './server-under-test.ts';

it('no token leads to what belongs to no tenant', async () => {
  await using server = await startServer();
  const authorization = `Bearer ${await tokenOf({ workspace: '$system' })}`;
  for (const slug of ['$system', '%24system']) {
    const url = `/workspace/${slug}/api/v1/audit`;
    expect((await server.http.inject({ url, headers: { authorization } })).statusCode).toBe(403);
  }
});
