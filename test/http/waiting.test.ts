import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/domain/clock.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { hang, type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const failing: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'the target answered 400', status: 400, body: null },
};

const executing = async (server: ServerUnderTest) => {
  const { id: functionId } = await server.createFunction();
  const { id } = await server.createTrigger({ functionId });
  const path = `function-triggers/${id}/execute`;
  const execute = (prefer: string, headers: Record<string, string> = {}) =>
    server.ask('POST', path, { headers: { prefer, ...headers } });
  return { path, execute };
};

/** Waiting takes a hundredth of its time. */
const hasty: Clock = {
  ...systemClock,
  elapsed: () => systemClock.elapsed() * 100,
  after: (delayMs, task) => systemClock.after(delayMs / 100, task),
};

describe('executing with Prefer: wait', () => {
  it('answers with the job once it has ended, and says that it waited', async () => {
    await using server = await startServer();
    const { execute } = await executing(server);
    const answer = await execute('wait=10');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=10');
    const job = answer.json();
    expect(job).toMatchObject({ status: 'completed', result: { done: true } });
    expect((await server.ask('GET', `jobs/${job.id}`)).json()).toEqual(job);
  });

  it('answers with a job that failed, and with one that was cancelled meanwhile', async () => {
    let call = async (): Promise<CallOutcome> => failing;
    await using server = await startServer({ call: () => call() });
    const { execute } = await executing(server);
    const failed = (await execute('wait=10')).json();
    expect(failed).toMatchObject({ status: 'failed', error: 'the target answered 400' });
    call = () => new Promise(() => {});
    const waiting = execute('wait=60');
    const open = async () => (await server.ask('GET', 'invocations?status=running')).json();
    await expect.poll(async () => (await open()).invocations.length).toBe(1);
    const [{ id }] = (await open()).invocations;
    await server.ask('POST', `invocations/${id}/cancel`);
    expect((await waiting).json()).toMatchObject({ id, status: 'cancelled' });
  });

  it('answers with the id, as without it, where the time is over first', async () => {
    await using server = await startServer({ call: hang, clock: hasty });
    const { execute } = await executing(server);
    const answer = await execute('wait=1');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('preference-applied');
    expect((await server.ask('GET', `jobs/${answer.json()}`)).json().status).toBe('running');
  });

  it.each(['wait=soon', 'respond-async', 'wait=0'])('passes over %s', async (prefer) => {
    await using server = await startServer();
    const { execute } = await executing(server);
    const answer = await execute(prefer);
    expect(answer.json()).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers).not.toHaveProperty('preference-applied');
  });

  it('waits for each of many that end at once, and for the one that a key names', async () => {
    await using server = await startServer();
    const { execute } = await executing(server);
    const answers = await Promise.all(Array.from({ length: 50 }, () => execute('wait=30')));
    const ids = answers.map((answer) => answer.json().id);
    expect(new Set(ids).size).toBe(50);
    const key = { 'idempotency-key': 'once' };
    const first = await execute('wait=30', key);
    const again = await execute('wait=30', key);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.json()).toEqual(first.json());
  });

  it('ends with the id when the server stops', async () => {
    const server = await startServer({ call: hang });
    const { execute } = await executing(server);
    const waiting = execute('wait=60');
    await expect.poll(() => server.calls.length).toBe(1);
    await server[Symbol.asyncDispose]();
    expect((await waiting).json()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('waits for nobody who has gone', async () => {
    await using server = await startServer({ call: hang });
    const { path } = await executing(server);
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.http.server.address() as AddressInfo;
    let subscriptions = 0;
    const { subscribeAll } = server.store;
    server.store.subscribeAll = (...parts) => {
      const subscription = subscribeAll(...parts);
      subscriptions += 1;
      return {
        unsubscribe: () => {
          subscriptions -= 1;
          return subscription.unsubscribe();
        },
      };
    };
    const headers = { authorization: `Bearer ${await tokenOf()}`, prefer: 'wait=60' };
    const url = `/workspace/acme/api/v1/${path}`;
    const asked = request({ port, path: url, method: 'POST', headers, agent: false });
    asked.on('error', () => {});
    asked.end();
    await expect.poll(() => subscriptions).toBe(1);
    asked.destroy();
    await expect.poll(() => subscriptions).toBe(0);
  });
});
