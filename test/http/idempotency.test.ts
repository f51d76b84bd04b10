import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const functionId = '11111111-aaaa-zzzz-2222-333344445555';
const key = 'b3c6ad51-4f0e-4e3c-9b0e-6b1d8b3f3a10';

interface Creation {
  readonly path: string;
  readonly payload: object;
  readonly other: object;
  readonly status: number;
  readonly fact: string;
  /** Told once and then no more. */
  readonly once?: string;
}

const creations: readonly Creation[] = [
  {
    path: 'function-triggers',
    payload: { name: 'mine', functionId, executionType: 'on-demand' },
    other: { name: 'other', functionId, executionType: 'on-demand' },
    status: 201,
    fact: 'TriggerRegistered',
  },
  {
    path: 'function-triggers/drafts',
    payload: { name: 'mine' },
    other: { name: 'other' },
    status: 201,
    fact: 'DraftSaved',
  },
  {
    path: 'compute-functions',
    payload: { name: 'mine', type: 'http', url: 'https://example.org/in' },
    other: { name: 'other', type: 'http', url: 'https://example.org/out' },
    status: 201,
    fact: 'FunctionRegistered',
    once: 'signingSecret',
  },
  {
    path: 'api-keys',
    payload: { name: 'mine', scopes: ['events:write'] },
    other: { name: 'mine', scopes: ['events:read'] },
    status: 201,
    fact: 'ApiKeyIssued',
    once: 'key',
  },
  {
    path: 'events',
    payload: { event_type: 'pushed', data: { a: 1 } },
    other: { event_type: 'pushed', data: { a: 2 } },
    status: 202,
    fact: 'EventArrived',
  },
  {
    path: 'messages',
    payload: { topic: 'reports.daily', content: 1 },
    other: { topic: 'reports.daily', content: 2 },
    status: 202,
    fact: 'EventArrived',
  },
];

const send = (server: ServerUnderTest, path: string, payload: object | undefined, header = key) =>
  server.ask('POST', path, {
    ...(payload && { payload }),
    headers: { 'idempotency-key': header },
  });

const countOf = async (server: ServerUnderTest, fact: string) =>
  (await server.events()).filter(
    ({ type, metadata }) => type === fact && metadata.actor === 'user:ann',
  ).length;

describe.each(creations)('an idempotency key on POST $path', (creation) => {
  const { path, payload, other, status, fact, once } = creation;
  const told = (body: Record<string, unknown>) => {
    const { [once ?? '']: _, ...rest } = body;
    return rest;
  };

  it('gives the same answer again and does nothing', async () => {
    await using server = await startServer();
    const first = await send(server, path, payload);
    const second = await send(server, path, payload, `"${key}"`);
    expect([first.statusCode, second.statusCode]).toEqual([status, status]);
    expect(second.json()).toEqual(told(first.json()));
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(await countOf(server, fact)).toBe(1);
  });

  it('answers 422 to another body', async () => {
    await using server = await startServer();
    await send(server, path, payload);
    const answer = await send(server, path, other);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'idempotency_mismatch']);
    expect(await countOf(server, fact)).toBe(1);
  });

  it('stands for another request with another key and in another workspace', async () => {
    await using server = await startServer();
    const first = await send(server, path, payload);
    const headers = {
      authorization: `Bearer ${await tokenOf({ workspace: 'other' })}`,
      'idempotency-key': key,
    };
    const url = `/workspace/other/api/v1/${path}`;
    const foreign = await server.http.inject({ method: 'POST', url, payload: other, headers });
    expect(foreign.statusCode).toBe(status);
    expect(foreign.json().id ?? foreign.json().event_id).not.toBe(
      first.json().id ?? first.json().event_id,
    );
    await send(server, path, other, 'another-key');
    expect(await countOf(server, fact)).toBe(3);
  });

  it('is carried out once when it comes ten times at once', async () => {
    await using server = await startServer();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send(server, path, payload)),
    );
    const statuses = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...statuses].filter((each) => each !== status && each !== 409)).toEqual([]);
    expect(statuses).toContain(status);
    for (const answer of answers.filter(({ statusCode }) => statusCode === 409)) {
      expect(answer.json().code).toBe('request_in_progress');
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect(await countOf(server, fact)).toBe(1);
  });

  it.each(['two words', '', '"open', 'x'.repeat(256)])('must be a key: %s', async (header) => {
    await using server = await startServer();
    const answer = await send(server, path, payload, header);
    expect([answer.statusCode, answer.json().details[0].field]).toEqual([400, 'Idempotency-Key']);
  });
});

describe('a request that was refused', () => {
  it('may be sent again with its key, and is carried out once it can be', async () => {
    await using server = await startServer();
    const payload = { name: 'mine', functionId, executionType: 'on-demand' };
    const { id } = await server.createTrigger(payload);
    expect((await send(server, 'function-triggers', payload)).statusCode).toBe(409);
    await server.ask('DELETE', `function-triggers/${id}`);
    expect((await send(server, 'function-triggers', payload)).statusCode).toBe(201);
  });
});

describe('the answer to a known key', () => {
  it('is the first one, also after the thing has changed or gone', async () => {
    await using server = await startServer();
    const payload = { name: 'mine', functionId, executionType: 'on-demand' };
    const first = (await send(server, 'function-triggers', payload)).json();
    await server.ask('PUT', `function-triggers/${first.id}`, { payload: { name: 'changed' } });
    expect((await send(server, 'function-triggers', payload)).json()).toEqual(first);
    await server.ask('DELETE', `function-triggers/${first.id}`);
    const again = await send(server, 'function-triggers', payload);
    expect(again.json()).toEqual(first);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('reveals nothing about a short secret in the body', async () => {
    await using server = await startServer();
    const payload = {
      name: 'mine',
      functionId,
      executionType: 'on-demand',
      triggerMetadata: { params: { pin: { value: '1234', encrypt: true } } },
    };
    await send(server, 'function-triggers', payload);
    const digest = createHash('sha256').update(JSON.stringify(payload)).digest('hex');
    expect(JSON.stringify(await server.events())).not.toContain(digest);
  });
});

describe('publishing with a key', () => {
  it('gives the trigger again where the draft is gone, and 404 to another key', async () => {
    await using server = await startServer();
    const draft = await server.ask('POST', 'function-triggers/drafts', {
      payload: { name: 'mine', functionId, executionType: 'on-demand' },
    });
    const path = `function-triggers/${draft.json().id}/publish`;
    const first = await send(server, path, undefined);
    expect(first.statusCode).toBe(201);
    const second = await send(server, path, undefined);
    expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
    expect((await send(server, path, undefined, 'another')).statusCode).toBe(404);
  });
});

describe('executing with a key', () => {
  it('gives the same job, also when the trigger is stopped or gone by then', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger();
    const path = `function-triggers/${id}/execute`;
    const jobId = (await send(server, path, { a: 1 })).json();
    await server.ask('POST', `function-triggers/${id}/stop`);
    const stopped = await send(server, path, { a: 1 });
    expect([stopped.statusCode, stopped.json()]).toEqual([200, jobId]);
    await server.ask('DELETE', `function-triggers/${id}`);
    expect((await send(server, path, { a: 1 })).json()).toBe(jobId);
    expect((await send(server, path, { a: 2 })).statusCode).toBe(422);
    expect((await send(server, path, { a: 1 }, 'another')).statusCode).toBe(404);
  });
});

describe('retrying with a key', () => {
  it('starts one more invocation, however often it is asked', async () => {
    await using server = await startServer();
    const fn = await server.createFunction();
    const { id } = await server.createTrigger({ functionId: fn.id });
    const jobId = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
    for (;;) {
      const job = (await server.ask('GET', `jobs/${jobId}`)).json();
      if (job.finishedAt) break;
    }
    const path = `invocations/${jobId}/retry`;
    const first = await send(server, path, undefined);
    expect(first.statusCode).toBe(200);
    const second = await send(server, path, undefined);
    const { id: again } = first.json();
    expect(second.json()).toMatchObject({ id: again, retryOf: jobId });
    expect(await countOf(server, 'InvocationRetried')).toBe(1);
    await expect
      .poll(async () => (await server.ask('GET', `jobs/${again}`)).json().status)
      .toBe('completed');
    const third = await send(server, path, undefined, 'another');
    expect(third.json()).toMatchObject({ retryOf: jobId });
    expect(third.json().id).not.toBe(again);
  });
});
