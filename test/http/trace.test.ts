import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { spanIdOf } from '../../src/domain/trace-context.ts';
import type { Call } from '../../src/targets/target.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

const done: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};

interface Node {
  readonly kind: string;
  readonly id: string;
  readonly parent: string | null;
  readonly depth: number;
}

const traced = async (server: ServerUnderTest, correlationId: string) =>
  (await server.ask('GET', `trace/${encodeURIComponent(correlationId)}`)).json();
const lines = ({ nodes }: { nodes: readonly Node[] }) =>
  nodes.map(({ kind, depth }) => `${'· '.repeat(depth)}${kind}`);

const webhook = async (server: ServerUnderTest) => {
  const { id: functionId } = await server.createFunction({ url: 'https://example.org/first' });
  const trigger = { executionType: 'webhook', triggerMetadata: { path: '/in' }, functionId };
  await server.createTrigger(trigger);
  return async (headers: Record<string, string> = {}): Promise<string> =>
    (await server.deliver('in', { payload: '{}', headers })).json().event_id;
};

const listener = async (server: ServerUnderTest) => {
  const { id: functionId } = await server.createFunction({ url: 'https://example.org/second' });
  const triggerMetadata = { topic: 'next' };
  return await server.createTrigger({ executionType: 'message', triggerMetadata, functionId });
};

describe('a trace', () => {
  it('goes from a delivery through the function to what that published, and on', async () => {
    const publishing: Promise<unknown>[] = [];
    const call = async ({ url, headers }: Call): Promise<CallOutcome> => {
      if (!url.endsWith('/first')) return done;
      const { 'x-correlation-id': correlation = '', traceparent: parent = '' } = headers;
      const sent = { 'x-correlation-id': correlation, traceparent: parent };
      const payload = { topic: 'next', content: 1 };
      publishing.push(server.ask('POST', 'messages', { payload, headers: sent }));
      return done;
    };
    await using server = await startServer({ call });
    const deliver = await webhook(server);
    await listener(server);
    const eventId = await deliver({ traceparent, tracestate: 'vendor=1' });
    await expect.poll(() => server.calls.length).toBe(2);
    await Promise.all(publishing);
    const [first, second] = server.calls;
    const jobId = first?.headers['idempotency-key'] ?? '';
    expect(first?.headers).toMatchObject({
      'x-correlation-id': eventId,
      traceparent: `00-${traceId}-${spanIdOf(jobId, 1)}-01`,
      tracestate: 'vendor=1',
    });
    expect(second?.headers).toMatchObject({ 'x-correlation-id': eventId });
    expect(second?.headers['traceparent']).toContain(traceId);
    await expect
      .poll(async () => lines(await traced(server, eventId)))
      .toEqual([
        'arrival',
        '· invocation',
        '· · attempt',
        '· · · arrival',
        '· · · · invocation',
        '· · · · · attempt',
      ]);
    const { nodes, isWhole } = await traced(server, eventId);
    expect(isWhole).toBe(true);
    expect(nodes[0]).toMatchObject({ id: eventId, traceparent, source: { kind: 'webhook' } });
    expect(nodes[1]).toMatchObject({ id: jobId, parent: eventId });
    expect(nodes[3]).toMatchObject({ parent: nodes[2].id, source: { kind: 'message' } });
    const list = (await server.ask('GET', `invocations?correlationId=${eventId}`)).json();
    expect(list.invocations).toHaveLength(2);
  });

  it('stands below the invocation that a publisher names, and passes nothing on that did not come', async () => {
    await using server = await startServer();
    const deliver = await webhook(server);
    await listener(server);
    const eventId = await deliver();
    await expect.poll(() => server.calls.length).toBe(1);
    expect(server.calls[0]?.headers).not.toHaveProperty('traceparent');
    const causation_id = server.calls[0]?.headers['idempotency-key'];
    const payload = { topic: 'next', content: 1, correlation_id: eventId, causation_id };
    expect((await server.ask('POST', 'messages', { payload })).statusCode).toBe(202);
    await expect.poll(() => server.calls.length).toBe(2);
    expect(server.calls[1]?.headers['x-correlation-id']).toBe(eventId);
    expect(lines(await traced(server, eventId)).filter((line) => line.includes('a'))).toEqual([
      'arrival',
      '· invocation',
      '· · attempt',
      '· · arrival',
      '· · · invocation',
      '· · · · attempt',
    ]);
  });

  it('is kept by every retry, also one that an operator asks for', async () => {
    let outcome: CallOutcome = {
      ...{ ok: false, durationMs: 1, retryAfterMs: null },
      failure: { kind: 'status', message: 'no', status: 400, body: null },
    };
    await using server = await startServer({ call: async () => outcome });
    const deliver = await webhook(server);
    const eventId = await deliver({ traceparent });
    const dead = async () => (await server.ask('GET', 'invocations?status=dead')).json();
    await expect.poll(async () => (await dead()).invocations.length).toBe(1);
    outcome = done;
    const [{ id }] = (await dead()).invocations;
    await server.ask('POST', `invocations/${id}/retry`);
    await expect.poll(() => server.calls.length).toBe(2);
    expect(server.calls[1]?.headers['traceparent']).toContain(traceId);
    expect(server.calls[1]?.headers['traceparent']).not.toBe(
      server.calls[0]?.headers['traceparent'],
    );
    expect(lines(await traced(server, eventId))).toEqual([
      'arrival',
      '· invocation',
      '· · attempt',
      '· · invocation',
      '· · · attempt',
    ]);
  });

  it('begins with what was asked for, by the id of the request', async () => {
    await using server = await startServer();
    // The first request makes the workspace, too.
    await server.createFunction();
    const { id } = await server.createFunction();
    const [fact] = (await server.ask('GET', `audit?entity=function-${id}`)).json().events;
    const { nodes } = await traced(server, fact.correlationId);
    expect(nodes.map(({ type }: { type: string }) => type).toSorted()).toEqual([
      'FunctionRegistered',
      'NameClaimed',
    ]);
  });

  it('takes no malformed traceparent, and refuses a malformed correlation', async () => {
    await using server = await startServer();
    const deliver = await webhook(server);
    await deliver({ traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` });
    await expect.poll(() => server.calls.length).toBe(1);
    expect(server.calls[0]?.headers).not.toHaveProperty('traceparent');
    const payload = { topic: 'next', content: 1 };
    for (const bad of ['a b', 'x'.repeat(129), ''])
      for (const [headers, more] of [
        [{ 'x-correlation-id': bad }, {}],
        [{}, { correlation_id: bad }],
      ]) {
        const answer = await server.ask('POST', 'messages', {
          payload: { ...payload, ...more },
          ...(headers && { headers: headers as Record<string, string> }),
        });
        expect(answer.statusCode).toBe(400);
      }
  });

  it('shows nobody what happened elsewhere', async () => {
    await using server = await startServer();
    const deliver = await webhook(server);
    const eventId = await deliver();
    const other = { authorization: `Bearer ${await tokenOf({ workspace: 'other' })}` };
    const url = `/workspace/other/api/v1/trace/${eventId}`;
    expect((await server.http.inject({ url, headers: other })).statusCode).toBe(404);
    const payload = { topic: 'next', content: 1, correlation_id: eventId };
    const published = await server.http.inject({
      ...{ method: 'POST', url: '/workspace/other/api/v1/messages', headers: other, payload },
    });
    expect(published.statusCode).toBe(202);
    const { nodes } = await traced(server, eventId);
    expect(nodes.filter(({ kind }: Node) => kind === 'arrival')).toHaveLength(1);
    expect((await server.ask('GET', 'trace/none')).statusCode).toBe(404);
  });
});
