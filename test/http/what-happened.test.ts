import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { hang, type ServerUnderTest, startServer } from './server-under-test.ts';

const refused: CallOutcome = {
  ok: false,
  durationMs: 3,
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
  retryAfterMs: null,
};

const execute = async (server: ServerUnderTest, functionId?: string) => {
  const trigger = await server.createTrigger(functionId === undefined ? {} : { functionId });
  const jobId: string = (
    await server.ask('POST', `function-triggers/${trigger.id}/execute`)
  ).json();
  return { trigger, jobId };
};

const settled = async (server: ServerUnderTest, jobId: string) => {
  for (;;) {
    const invocation = (await server.ask('GET', `invocations/${jobId}`)).json();
    if (invocation.finishedAt) return invocation;
  }
};

describe('invocations', () => {
  it('show attempts and answer, and are found by every filter', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    const { trigger, jobId } = await execute(server, fn.id);
    const invocation = await settled(server, jobId);
    expect(invocation).toMatchObject({
      id: jobId,
      triggerId: trigger.id,
      functionId: fn.id,
      status: 'succeeded',
      attempts: [{ attempt: 1, outcome: 'succeeded', status: 200 }],
      result: { status: 200 },
    });
    await execute(server);
    const ids = async (query: string) =>
      (await server.ask('GET', `invocations?${query}`))
        .json()
        .invocations.map(({ id }: { id: string }) => id);
    const { eventId, correlationId, queuedAt } = invocation;
    for (const query of [
      `triggerId=${trigger.id}`,
      `functionId=${fn.id}`,
      `eventId=${eventId}`,
      `correlationId=${correlationId}`,
      'status=succeeded',
      `from=${queuedAt}&to=${queuedAt}&triggerId=${trigger.id}`,
    ]) {
      expect([query, await ids(query)]).toEqual([query, [jobId]]);
    }
    expect(await ids('to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await ids('from=2020-01-01T00:00:00%2B01:00')).toHaveLength(2);
  });

  it('are listed page by page, newest first, without gap or double', async () => {
    await using server = await startServer();
    const jobs: string[] = [];
    for (let n = 0; n < 5; n += 1) jobs.push((await execute(server)).jobId);
    const seen: string[] = [];
    let after = '';
    do {
      const page = (await server.ask('GET', `invocations?limit=2${after}`)).json();
      seen.push(...page.invocations.map(({ id }: { id: string }) => id));
      after = page.next === null ? '' : `&after=${encodeURIComponent(page.next)}`;
    } while (after !== '');
    expect(seen).toEqual(jobs.toReversed());
  });

  it('can be cancelled while they have not ended', async () => {
    await using server = await startServer({ call: hang });
    const fn = await server.createFunction();
    const { jobId } = await execute(server, fn.id);
    const cancelled = await server.ask('POST', `invocations/${jobId}/cancel`);
    expect(cancelled.json()).toMatchObject({ status: 'cancelled', reason: 'by ann' });
    expect((await server.ask('GET', `jobs/${jobId}`)).json().status).toBe('cancelled');
    const again = await server.ask('POST', `invocations/${jobId}/retry`);
    expect(again.json()).toMatchObject({ retryOf: jobId });
    // It hangs as the first one did.
    const second = await server.ask('POST', `invocations/${jobId}/retry`);
    expect(second.statusCode).toBe(409);
    expect(second.json().detail).toContain(again.json().id);
  });

  it('can be retried as new ones once they have ended', async () => {
    await using server = await startServer({ call: async () => refused });
    const fn = await server.createFunction();
    const { jobId } = await execute(server, fn.id);
    expect(await settled(server, jobId)).toMatchObject({ status: 'dead', reason: 'not-retryable' });
    const { id } = (await server.ask('POST', `invocations/${jobId}/retry`)).json();
    const second = await server.ask('GET', `invocations/${id}`);
    expect(second.json()).toMatchObject({ retryOf: jobId });
  });

  it('are retried by one of those who ask at once, and the others are told as what', async () => {
    let hangs = false;
    await using server = await startServer({
      call: async (call) => (hangs ? await hang(call) : refused),
    });
    const fn = await server.createFunction();
    const { jobId } = await execute(server, fn.id);
    await settled(server, jobId);
    hangs = true;
    const retry = () => server.ask('POST', `invocations/${jobId}/retry`);
    const answers = await Promise.all([retry(), retry(), retry()]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    const { id } = answers.find(({ statusCode }) => statusCode === 200)?.json() ?? {};
    for (const answer of answers) expect(answer.body).toContain(id);
  });

  it('cannot be retried before they have ended', async () => {
    await using server = await startServer({ call: hang });
    const fn = await server.createFunction();
    const { jobId } = await execute(server, fn.id);
    const answer = await server.ask('POST', `invocations/${jobId}/retry`);
    expect(answer.statusCode).toBe(409);
  });
});

describe('events', () => {
  it('show what came in and what became of it', async () => {
    await using server = await startServer();
    const trigger = await server.createTrigger({
      executionType: 'webhook',
      triggerMetadata: { path: '/in' },
    });
    const { event_id } = (await server.deliver('in?x=1', { payload: 'hello' })).json();
    const read = async () => (await server.ask('GET', `events/${event_id}`)).json();
    let event = await read();
    while (event.outcomes.length === 0) event = await read();
    expect(event).toMatchObject({
      id: event_id,
      source: { kind: 'webhook', key: 'in' },
      body: { encoding: 'utf8', content: 'hello' },
      request: { query: { x: '1' } },
      outcomes: [{ triggerId: trigger.id }],
      repeats: [],
    });
    const { events } = (await server.ask('GET', 'events')).json();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ id: event_id, outcomes: [{ triggerId: trigger.id }] });
    expect((await server.ask('GET', 'events/nothing')).statusCode).toBe(404);
  });
});

describe('the audit', () => {
  it('tells who did what, when, and because of what', async () => {
    await using server = await startServer();
    const { jobId } = await execute(server, (await server.createFunction()).id);
    await settled(server, jobId);
    const { events } = (await server.ask('GET', 'audit?order=asc')).json();
    const types = events.map(({ type }: { type: string }) => type);
    expect(types).toEqual([
      'NameClaimed',
      'TriggerRegistered',
      'NameClaimed',
      'FunctionRegistered',
      'NameClaimed',
      'TriggerRegistered',
      'EventArrived',
      'InvocationQueued',
      'InvocationStarted',
      'InvocationSucceeded',
    ]);
    expect(events[1]).toMatchObject({ actor: 'system:workspaces' });
    expect(events[3]).toMatchObject({ actor: 'user:ann', occurredAt: expect.any(String) });
    expect(events[7]).toMatchObject({ causationId: events[6].id, entity: `invocation-${jobId}` });
  });

  it('is filtered by actor, entity, type, correlation, time and position', async () => {
    await using server = await startServer();
    const { trigger, jobId } = await execute(server, (await server.createFunction()).id);
    await settled(server, jobId);
    const audit = async (query: string) =>
      (await server.ask('GET', `audit?${query}`)).json().events;
    const all = await audit('order=asc');
    const at = all[6];
    const expectations: readonly [string, number][] = [
      ['actor=user:ann', 5],
      [`entity=${trigger.id}`, 1],
      [`entity=trigger-${trigger.id}`, 1],
      ['type=EventArrived', 1],
      ['type=InvocationQueued,InvocationStarted', 2],
      [`correlationId=${at.correlationId}`, 4],
      [`fromPosition=${at.position}`, 4],
      [`toPosition=${at.position}`, 7],
      ['from=2099-01-01T00:00:00Z', 0],
      ['actor=user:bob', 0],
    ];
    for (const [query, count] of expectations) {
      expect([query, (await audit(query)).length]).toEqual([query, count]);
    }
  });

  it('is exported whole, one fact per line', async () => {
    await using server = await startServer();
    for (let n = 0; n < 30; n += 1) await server.createTrigger();
    const exported = await server.ask('GET', 'audit/export?type=TriggerRegistered');
    expect(exported.headers['content-type']).toBe('application/x-ndjson');
    const lines = exported.body.trimEnd().split('\n');
    expect(lines).toHaveLength(31);
    const positions = lines.map((line) => JSON.parse(line).position);
    expect(positions).toEqual(positions.toSorted());
    const byHeader = await server.ask('GET', 'audit?order=asc&type=TriggerRegistered', {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(byHeader.body).toBe(exported.body);
  });
});

describe('the server itself', () => {
  it('tells how it is', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ functionId });
    const at = async (url: string) => {
      const answer = await server.http.inject({ url });
      return [answer.statusCode, answer.json()];
    };
    expect(await at('/health')).toEqual([200, { status: 'healthy' }]);
    expect(await at('/health/live')).toEqual([200, { status: 'live' }]);
    expect(await at('/health/ready')).toEqual([200, { status: 'ready' }]);
    expect(await at(`/health?trigger_id=${id}`)).toEqual([
      200,
      { status: 'healthy', trigger_id: id, queue_size: 0 },
    ]);
    await server.ask('POST', `function-triggers/${id}/stop`);
    expect((await at(`/health?trigger_id=${id}`))[0]).toBe(503);
    expect((await at('/health?trigger_id=nothing'))[0]).toBe(404);
    await server.engine.stop(0);
    expect((await at('/health/ready'))[0]).toBe(503);
    expect((await at('/health/live'))[0]).toBe(200);
  });

  it('tells of a suspended trigger that it is not healthy, and why', async () => {
    const failure = { kind: 'gone', message: 'gone', status: 410, body: null } as const;
    await using server = await startServer({
      call: async () => ({ ok: false, durationMs: 1, failure, retryAfterMs: null }),
    });
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ functionId });
    await server.ask('POST', `function-triggers/${id}/execute`, { payload: {} });
    const health = async () => server.http.inject({ url: `/health?trigger_id=${id}` });
    await expect.poll(async () => (await health()).statusCode).toBe(503);
    const { statusReason } = (await server.ask('GET', `function-triggers/${id}`)).json();
    expect((await health()).json()).toEqual({
      status: 'suspended',
      trigger_id: id,
      queue_size: 0,
      reason: statusReason,
    });
    expect(statusReason).toContain('410');
  });

  it('counts for Prometheus, with no ids in labels but those of triggers, and no tenants', async () => {
    await using server = await startServer();
    await server.createTrigger({ executionType: 'webhook', triggerMetadata: { path: '/in' } });
    const { event_id } = (await server.deliver('in', { payload: 'x' })).json();
    const answer = await server.ask('GET', '/metrics');
    expect(answer.headers['content-type']).toContain('version=0.0.4');
    expect(answer.body).toContain('tripline_ingress_total{result="accepted"} 1');
    expect(answer.body).toContain('tripline_facts_total{type="TriggerRegistered"} 2');
    expect(answer.body).not.toContain(event_id);
    expect(answer.body).not.toContain('acme');
    const sample =
      /^(#.*|[a-z_:][a-z0-9_:]*(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[\d.e+-]+)$/;
    for (const line of answer.body.trimEnd().split('\n')) expect(line).toMatch(sample);
  });

  it('describes its API in OpenAPI 3.1 and as a page that loads nothing', async () => {
    await using server = await startServer();
    const document = (await server.ask('GET', '/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const page = await server.http.inject({ url: '/docs' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('/function-triggers/{id}/execute');
    expect(page.body).not.toMatch(/<script|src=|onclick/i);
  });

  it('answers what is under way and sends later requests elsewhere when it stops', async () => {
    await using server = await startServer();
    const url = await server.http.listen({ port: 0, host: '127.0.0.1' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await server.http.close();
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });
});
