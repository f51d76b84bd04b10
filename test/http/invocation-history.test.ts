import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const failing: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'the target answered 500', status: 500, body: null },
};

const succeeding: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};

const execution = async (server: ServerUnderTest, retry: object = {}): Promise<string> => {
  const { id: functionId } = await server.createFunction({ retry });
  const { id } = await server.createTrigger({ functionId });
  const answer = await server.ask('POST', `function-triggers/${id}/execute`, {
    headers: { prefer: 'wait=30' },
  });
  return answer.json().id;
};

const stepsOf = async (server: ServerUnderTest, id: string, query = '') =>
  (await server.ask('GET', `invocations/${id}/history${query}`)).json();

describe('the history of an invocation', () => {
  it('has each of its facts, with the states around it, who, why and where', async () => {
    const outcomes = [failing, succeeding];
    await using server = await startServer({ call: async () => outcomes.shift() ?? succeeding });
    const id = await execution(server, { initialDelayMs: 1, maxDelayMs: 1 });
    const { steps, next } = await stepsOf(server, id);
    expect(next).toBeNull();
    expect(
      steps.map(({ type, from, to, attempt }: Record<string, unknown>) => [
        ...[type, from, to, attempt],
      ]),
    ).toEqual([
      ['InvocationQueued', 'absent', 'queued', null],
      ['InvocationStarted', 'queued', 'running', 1],
      ['InvocationFailed', 'running', 'waiting', 1],
      ['InvocationStarted', 'waiting', 'running', 2],
      ['InvocationSucceeded', 'running', 'succeeded', 2],
    ]);
    const events = await server.events();
    for (const { position, actor, occurredAt, causationId, correlationId } of steps) {
      const metadata = events.find((event) => event.position === position)?.metadata;
      expect(metadata).toMatchObject({ actor, occurredAt, $correlationId: correlationId });
      expect(metadata?.$causationId ?? null).toBe(causationId);
    }
    expect(events.map((event) => event.id)).toContain(steps[0].causationId);
  });

  it('goes on when it is retried after its end, which changes no state', async () => {
    await using server = await startServer({ call: async () => failing });
    const id = await execution(server, { maxAttempts: 1 });
    const retried = await server.ask('POST', `invocations/${id}/retry`);
    expect(retried.statusCode).toBe(200);
    const { steps } = await stepsOf(server, id);
    expect(steps.at(-1)).toMatchObject({
      type: 'InvocationRetried',
      from: 'dead',
      to: 'dead',
      actor: 'user:ann',
    });
    expect(steps.at(-2)).toMatchObject({ to: 'dead', reason: 'attempts-exhausted' });
  });

  it('comes in pages, either way', async () => {
    await using server = await startServer();
    const id = await execution(server);
    const all = (await stepsOf(server, id)).steps;
    expect(all).toHaveLength(3);
    for (const order of ['asc', 'desc']) {
      const found: unknown[] = [];
      let after = '';
      do {
        const page = await stepsOf(
          server,
          id,
          `?limit=2&order=${order}${after && `&after=${after}`}`,
        );
        found.push(...page.steps);
        after = page.next ?? '';
      } while (after !== '');
      expect(order === 'asc' ? found : found.reverse()).toEqual(all);
    }
    expect((await server.ask('GET', `invocations/${id}/history?after=x`)).statusCode).toBe(400);
  });

  it('is nobody else’s', async () => {
    await using server = await startServer();
    const id = await execution(server);
    const answer = await server.http.inject({
      url: `/workspace/other/api/v1/invocations/${id}/history`,
      headers: { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` },
    });
    expect(answer.statusCode).toBe(404);
    expect((await server.ask('GET', 'invocations/none/history')).statusCode).toBe(404);
  });
});
