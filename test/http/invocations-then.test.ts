import { expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { startServer } from './server-under-test.ts';

const refused: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'answered 500', status: 500, body: null },
};

interface Item {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
}

const world = async () => {
  const waiting: ((outcome: CallOutcome) => void)[] = [];
  const server = await startServer({
    call: () => new Promise<CallOutcome>((resolve) => void waiting.push(resolve)),
  });
  const retry = { maxAttempts: 2, initialDelayMs: 1, maxDelayMs: 1 };
  const { id: functionId } = await server.createFunction({ concurrency: 1, retry });
  await server.createTrigger({
    ...{ functionId, executionType: 'webhook', triggerMetadata: { path: '/in' } },
  });
  const get = async (path: string) => (await server.ask('GET', path)).json();
  const called = async (count: number) => {
    await expect.poll(() => server.calls.length).toBe(count);
    await get('invocations');
  };
  return {
    ...{ server, get, called },
    deliver: async () => void (await server.deliver('in')),
    async fail(calls: number) {
      waiting.shift()?.(refused);
      await called(calls);
    },
    /** Where the log ends. */
    async place(): Promise<string> {
      return (await get('audit?limit=1')).events[0].position;
    },
    told: async (path: string) =>
      (await get(path)).invocations.map(({ status, attempt }: Item) => `${status} ${attempt}`),
    async [Symbol.asyncDispose]() {
      for (const resolve of waiting) resolve(refused);
      await server[Symbol.asyncDispose]();
    },
  };
};

it('shows what had not ended, and each as it stood', async () => {
  await using w = await world();
  const before = await w.place();
  await w.deliver();
  await w.called(1);
  await w.deliver();
  const first = await w.place();
  await w.fail(2);
  const second = await w.place();
  await w.fail(3);
  const third = await w.place();

  expect(await w.told(`queue?asOf=${before}`)).toEqual([]);
  expect(await w.told(`queue?asOf=${first}`)).toEqual(['running 1', 'queued 0']);
  expect(await w.told(`queue?asOf=${first}&status=queued`)).toEqual(['queued 0']);
  expect(await w.told(`invocations?asOf=${first}`)).toEqual(['queued 0', 'running 1']);
  expect((await w.told(`queue?asOf=${second}`)).length).toBe(2);
  expect(await w.told('queue')).toEqual(await w.told(`queue?asOf=${third}`));
  expect(await w.told(`invocations?asOf=${third}&status=dead`)).toEqual(
    await w.told('invocations?status=dead'),
  );

  const { invocations } = await w.get(`queue?asOf=${first}&limit=1`);
  const page = await w.get(`queue?asOf=${first}&limit=1`);
  const rest = await w.get(`queue?asOf=${first}&limit=1&after=${page.next}`);
  expect(rest.next).toBe(null);
  expect([...invocations, ...rest.invocations].map(({ id }: Item) => id)).toEqual(
    (await w.get(`queue?asOf=${first}`)).invocations.map(({ id }: Item) => id),
  );
  const now = new Date().toISOString();
  expect(await w.told(`queue?asOf=${now}`)).toEqual(await w.told('queue'));
  expect(await w.told('queue?asOf=2020-01-01T00:00:00Z')).toEqual([]);
  expect(await w.told(`queue?asOf=${first}&triggerId=other`)).toEqual([]);
});

it('shows one that was retried since as it had ended', async () => {
  await using w = await world();
  await w.deliver();
  await w.called(1);
  const { id } = (await w.get('invocations')).invocations[0];
  await w.server.ask('POST', `invocations/${id}/cancel`);
  const ended = await w.place();
  const { id: again } = (await w.server.ask('POST', `invocations/${id}/retry`)).json();
  const then = (await w.get(`invocations?asOf=${ended}`)).invocations;
  expect(then).toMatchObject([{ id, status: 'cancelled', retriedAs: [] }]);
  expect((await w.get('invocations')).invocations[1]).toMatchObject({ retriedAs: [again] });
});

it.each(['invocations', 'queue'])('refuses moments that make no sense for %s', async (list) => {
  await using server = await startServer();
  await server.createTrigger();
  for (const asOf of ['tomorrow', '2099-01-01T00:00:00Z', '9999999999999999', '', '%00']) {
    const answer = await server.ask('GET', `${list}?asOf=${asOf}`);
    expect([asOf, answer.statusCode, answer.json().code]).toEqual([
      ...[asOf, 400, 'validation_failed'],
    ]);
    expect(answer.body).toContain('"field":"asOf"');
  }
});
