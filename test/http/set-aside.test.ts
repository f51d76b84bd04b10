import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { startServer } from './server-under-test.ts';

const broken = {
  id: randomUUID(),
  type: 'EventArrived',
  data: {},
  metadata: {
    workspace: 'acme',
    actor: 'user:ann',
    occurredAt: '2026-11-29T12:00:00.000Z',
    schemaVersion: 1,
    $correlationId: 'c',
  },
};

it('an event that cannot be routed is told in the log, by health and by the metrics', async () => {
  const log = await openStore('memory:', { dataDir: '' });
  await using server = await startServer({ log, unfoldable: true });
  expect((await server.ask('GET', '/health')).json()).toEqual({ status: 'healthy' });
  await log.append('arrival-broken', 'no_stream', [broken]);
  await expect.poll(() => server.engine.stats()['setAside']).toBe(1);

  const health = await server.ask('GET', '/health');
  expect([health.statusCode, health.json()]).toEqual([
    200,
    { status: 'degraded', set_aside: expect.any(Number) },
  ]);
  expect((await server.ask('GET', '/health/ready')).statusCode).toBe(200);
  expect((await server.ask('GET', '/metrics')).body).toContain('tripline_engine_set_aside 1\n');
  expect(server.logged).toContainEqual({
    message: 'event set aside',
    fields: expect.objectContaining({ part: 'route-arrivals', stream: 'arrival-broken' }),
  });
});
