import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import type { Call } from '../../src/targets/target.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

interface Shown {
  readonly attempt: number;
  readonly for: string;
  readonly from: string;
  readonly to: string | null;
  readonly ms: number;
  readonly behind: readonly string[];
}

const done: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};
const failing: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'the target answered 500', status: 500, body: null },
};

/** Calls end when the test says so, in the order they began. */
const answering = () => {
  const under: ((outcome: CallOutcome) => void)[] = [];
  return {
    call: ({ interrupter }: Call) =>
      new Promise<CallOutcome>((resolve) => {
        under.push(resolve);
        interrupter?.listen(() => resolve(failing));
      }),
    under: () => under.length,
    answer: (outcome: CallOutcome) => under.shift()?.(outcome),
  };
};

const explained = async (server: ServerUnderTest, id: string) => {
  const answer = await server.ask('GET', `invocations/${id}/explain`);
  expect(answer.statusCode).toBe(200);
  return answer.json();
};
const reasons = ({ waits }: { waits: readonly Shown[] }) =>
  waits.map((wait) => [wait.for, ...wait.behind]).filter(([reason]) => reason !== 'turn');

/** The clock has gone on, so that waiting has taken some time. */
const aMoment = async () => {
  const then = Date.now();
  await expect.poll(() => Date.now() - then, { interval: 1 }).toBeGreaterThan(3);
};

describe('what an invocation waited for', () => {
  it('is a slot, and who had it; a stop, and a retry', async () => {
    const { call, answer, under } = answering();
    await using server = await startServer({ call });
    const retry = { initialDelayMs: 10, maxDelayMs: 10 };
    const { id: functionId } = await server.createFunction({ concurrency: 1, retry });
    const one = await server.createTrigger({ functionId });
    const two = await server.createTrigger({ functionId });
    const execute = async (id: string): Promise<string> =>
      (await server.ask('POST', `function-triggers/${id}/execute`)).json();
    const first = await execute(one.id);
    await expect.poll(under).toBe(1);
    const second = await execute(two.id);
    await aMoment();
    const soFar = await explained(server, second);
    expect(soFar).toMatchObject({ invocationId: second, status: 'queued', startedAt: null });
    expect(soFar.waits.at(-1)).toMatchObject({
      ...{ attempt: 1, for: 'function-slot', to: null, behind: [first] },
    });
    await server.ask('POST', `function-triggers/${two.id}/stop`);
    await aMoment();
    answer(done);
    await server.ask('POST', `function-triggers/${two.id}/start`);
    await expect.poll(under).toBe(1);
    await aMoment();
    answer(failing);
    await expect.poll(under).toBe(1);
    answer(done);
    await expect
      .poll(async () => (await server.ask('GET', `jobs/${second}`)).json().status)
      .toBe('completed');
    const after = await explained(server, second);
    expect(reasons(after).slice(0, 2)).toEqual([['function-slot', first], ['stopped']]);
    expect(reasons(after).slice(2)).toEqual([['retry']]);
    expect(after).toMatchObject({ status: 'succeeded', isWhole: true });
    const { waits } = after as { waits: readonly Shown[] };
    expect(after.waitedMs).toBe(waits.reduce((sum, { ms }) => sum + ms, 0));
    for (const { from, to, ms } of waits) expect(ms).toBe(Date.parse(to ?? '') - Date.parse(from));
    expect(reasons(await explained(server, first))).toEqual([]);
  });

  it('is the one before it with the same ordering key', async () => {
    const { call, answer, under } = answering();
    await using server = await startServer({ call });
    const { id: functionId } = await server.createFunction();
    await server.createTrigger({
      functionId,
      executionType: 'webhook',
      triggerMetadata: { path: '/in', orderingKey: { header: 'x-key' }, concurrency: 9 },
    });
    const deliver = async (key: string): Promise<string> => {
      const { event_id: eventId } = (
        await server.deliver('in', { payload: key, headers: { 'x-key': key } })
      ).json();
      const list = await server.ask('GET', `invocations?eventId=${eventId}`);
      return list.json().invocations[0].id;
    };
    const first = await deliver('k');
    await expect.poll(under).toBe(1);
    const second = await deliver('k');
    const other = await deliver('l');
    const third = await deliver('k');
    await aMoment();
    answer(done);
    await expect.poll(under).toBe(2);
    await aMoment();
    answer(done);
    answer(done);
    await expect.poll(under).toBe(1);
    answer(done);
    await expect
      .poll(async () => (await server.ask('GET', `jobs/${third}`)).json().status)
      .toBe('completed');
    expect(reasons(await explained(server, second))).toEqual([['ordering-key', first]]);
    expect(reasons(await explained(server, third))).toEqual([
      ['ordering-key', first],
      ['ordering-key', second],
    ]);
    expect(reasons(await explained(server, other))).toEqual([]);
  });

  it('is nobody else’s business', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ functionId });
    const job = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
    const answer = await server.http.inject({
      url: `/workspace/other/api/v1/invocations/${job}/explain`,
      headers: { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` },
    });
    expect(answer.statusCode).toBe(404);
    expect((await server.ask('GET', 'invocations/none/explain')).statusCode).toBe(404);
    expect((await server.ask('GET', `invocations/${job}/explain?x=1`)).statusCode).toBe(400);
  });
});
