import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

interface Called {
  readonly url: string;
  readonly params: unknown;
}

const called = (server: ServerUnderTest): readonly Called[] =>
  server.calls.map(({ url, body }) => ({ url, params: JSON.parse(String(body)).triggerParams }));

const retry = (server: ServerUnderTest, id: string, payload?: object) =>
  server.ask('POST', `invocations/${id}/retry`, payload ? { payload } : {});

const invocation = async (server: ServerUnderTest, id: string) =>
  (await server.ask('GET', `invocations/${id}`)).json();

/** One that has run, of a trigger that was then given other params and another function. */
const ranBeforeAChange = async (server: ServerUnderTest) => {
  const before = await server.createFunction({ url: 'https://before.example/' });
  const after = await server.createFunction({ url: 'https://after.example/' });
  const secret = { value: 'then', encrypt: true };
  const { id } = await server.createTrigger({
    functionId: before.id,
    triggerMetadata: { params: { when: secret, plain: 1 } },
  });
  const jobId: string = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
  await expect.poll(async () => (await invocation(server, jobId)).status).toBe('succeeded');
  await server.ask('PATCH', `function-triggers/${id}`, {
    payload: { functionId: after.id, triggerMetadata: { params: { when: 'now' } } },
  });
  return { id, jobId, before, after };
};

const then = { url: 'https://before.example/', params: { when: 'then', plain: 1 } };
const now = { url: 'https://after.example/', params: { when: 'now' } };

describe('a retry after its trigger was changed', () => {
  it.each([
    ['now', undefined, now, 2],
    ['now', {}, now, 2],
    ['now', { as: 'now' }, now, 2],
    ['then', { as: 'then' }, then, 1],
  ])('goes out as %s: %j', async (_, payload, sent, version) => {
    await using server = await startServer();
    const { jobId } = await ranBeforeAChange(server);
    const { id } = (await retry(server, jobId, payload)).json();
    await expect.poll(() => called(server)).toEqual([then, sent]);
    const repeated = await invocation(server, id);
    expect(repeated.triggerVersion).toBe(version);
    expect(repeated.attempts.map(({ versions }: { versions: unknown }) => versions)).toEqual([
      { trigger: version, function: 1 },
    ]);
  });

  it('as then stays so when it is retried itself, and as now can follow it', async () => {
    await using server = await startServer();
    const { jobId } = await ranBeforeAChange(server);
    const first = (await retry(server, jobId, { as: 'then' })).json().id;
    await expect.poll(async () => (await invocation(server, first)).status).toBe('succeeded');
    const second = (await retry(server, first, { as: 'then' })).json().id;
    await expect.poll(() => called(server)).toEqual([then, then, then]);
    await expect.poll(async () => (await invocation(server, second)).status).toBe('succeeded');
    await retry(server, first);
    await expect.poll(() => called(server)).toEqual([then, then, then, now]);
  });

  it('is refused where it says anything else, and repeats nothing', async () => {
    await using server = await startServer();
    const { jobId } = await ranBeforeAChange(server);
    for (const payload of [{ as: 'ever' }, { params: 'then' }, { as: 1 }])
      expect((await retry(server, jobId, payload)).statusCode).toBe(400);
    expect((await invocation(server, jobId)).retriedAs).toEqual([]);
  });

  it('reaches the function that took the place of one that was deleted', async () => {
    await using server = await startServer();
    const gone = await server.createFunction();
    const { id } = await server.createTrigger({ functionId: gone.id });
    await server.ask('DELETE', `compute-functions/${gone.id}?force=true`);
    const jobId: string = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
    await expect.poll(async () => (await invocation(server, jobId)).status).toBe('dead');
    const other = await server.createFunction({ url: 'https://other.example/' });
    await server.ask('PATCH', `function-triggers/${id}`, { payload: { functionId: other.id } });
    const again = (await retry(server, jobId)).json().id;
    await expect
      .poll(() => called(server))
      .toEqual([{ url: 'https://other.example/', params: {} }]);
    expect((await invocation(server, again)).functionId).toBe(other.id);
  });
});
