import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, TriplineError } from '../../src/domain/errors.ts';
import { problems } from '../../src/http/problems.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { startServer } from './server-under-test.ts';

const json = { 'content-type': 'application/json' };
const trigger =
  '{"name":"n","functionId":"11111111-2222-3333-4444-555555555555","executionType":"on-demand"';
const deep = `${trigger},"triggerMetadata":{"params":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}}`;
const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i, i])));

const failing =
  (code: ErrorCode) =>
  (store: EventStore): EventStore => ({
    ...store,
    append: async () => {
      throw new TriplineError(code, 'canary: /var/lib/secret/path');
    },
  });

describe('a management body', () => {
  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['malformed JSON', '{"name":', json, 400, 'validation_failed'],
    ['no body', '', json, 400, 'validation_failed'],
    ['not an object', '[]', json, 400, 'validation_failed'],
    ['a wrong type', '{"name":7}', json, 400, 'validation_failed'],
    ['over-deep', deep, json, 400, 'validation_failed'],
    ['over-wide', wide, json, 400, 'validation_failed'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), json, 400, 'validation_failed'],
    ['__proto__', `${trigger},"__proto__":{}}`, json, 400, 'validation_failed'],
    ['__proto__ in disguise', `${trigger},"\\u005f_proto__":{}}`, json, 400, 'validation_failed'],
    ['an unknown field', `${trigger},"colour":1}`, json, 400, 'validation_failed'],
    ['oversized', `"${'x'.repeat(3_000)}"`, json, 413, 'payload_too_large'],
    ['text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    [
      'a form',
      'a=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['no media type', 'hello', { 'content-type': '' }, 415, 'unsupported_media_type'],
    ['compressed', 'x', { ...json, 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    [
      'a media type with a tab',
      '{}',
      { 'content-type': 'application/json\t; a=b' },
      400,
      'validation_failed',
    ],
  ])(
    'that is bad is refused as documented and leaves the log alone: %s',
    async (what, payload, headers, status, code) => {
      const bodyLimit = what === 'over-wide' ? 1_048_576 : 2_048;
      await using server = await startServer({ bodyLimit });
      const answer = await server.ask('POST', 'function-triggers', { payload, headers });
      const problem = answer.json();
      expect([answer.statusCode, problem.code]).toEqual([status, code]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(problem).toMatchObject({
        status,
        error: problem.title,
        message: problem.detail,
        instance: '/workspace/acme/api/v1/function-triggers',
        requestId: expect.any(String),
      });
      if (status === 400) expect(problem.details.length).toBeGreaterThan(0);
      expect(answer.body).not.toMatch(/node_modules|at .*\.ts|stack/);
      expect(await server.events()).toEqual([]);
    },
  );
});

it('says in words what each member must be', async () => {
  await using server = await startServer();
  const payload = { name: '', url: 7, type: 'http', timeoutMs: 0, retry: [], extra: 1 };
  const answer = await server.ask('POST', 'compute-functions', { payload });
  expect(answer.json().details).toEqual(
    expect.arrayContaining([
      { field: 'name', message: 'must not be empty' },
      { field: 'url', message: 'must be an http or https URL' },
      { field: 'timeoutMs', message: 'must be at least 1' },
      { field: 'retry', message: 'must be an object' },
      { field: 'extra', message: 'is not known' },
    ]),
  );
  expect(answer.json().detail).toContain('timeoutMs must be at least 1; ');
});

describe('an address', () => {
  it.each([
    '/nowhere',
    '/workspace/acme/api/v1/nothing',
    '/%E0%A4%A',
    '/workspace/acme/api/v2/audit',
  ])('that does not exist is 404 as a problem: %s', async (url) => {
    await using server = await startServer();
    const answer = await server.ask('GET', url);
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not_found']);
  });

  it('may not be endless', async () => {
    await using server = await startServer();
    const answer = await server.ask('GET', `audit?actor=${'x'.repeat(9_000)}`);
    expect(answer.statusCode).toBe(400);
  });
});

describe('a query', () => {
  it.each([
    'audit?limit=0',
    'audit?limit=501',
    'audit?from=yesterday',
    'audit?order=up',
    'audit?unknown=1',
    'audit?after=not-a-cursor',
    'invocations?status=maybe',
    'invocations?after=%00',
    'events?to=2026-99-99',
  ])('that is bad is 400 and names its member: %s', async (path) => {
    await using server = await startServer();
    const answer = await server.ask('GET', path);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'validation_failed']);
    const [, member] = /\?(\w+)=/.exec(path) ?? [];
    expect(answer.body).toContain(member === 'after' ? 'cursor' : `"field":"${member}"`);
  });
});

describe('a request id', () => {
  it('is the caller’s where it is harmless, else our own', async () => {
    await using server = await startServer();
    const idFor = async (given: string) =>
      (await server.ask('GET', '/nowhere', { headers: { 'x-request-id': given } })).json()
        .requestId;
    expect(await idFor('abc-123')).toBe('abc-123');
    expect(await idFor('"}\\n{"forged":1')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('when the store fails', () => {
  it.each([
    ['store-unavailable', 503],
    ['outcome-unknown', 503],
    ['disk-full', 507],
    ['store-failed', 503],
  ] as const)(
    'with %s the answer is %d with Retry-After, and says nothing of the inside',
    async (code, status) => {
      await using server = await startServer({ around: failing(code) });
      const answer = await server.ask('POST', 'function-triggers', {
        payload: `${trigger}}`,
        headers: json,
      });
      expect(answer.statusCode).toBe(status);
      expect(answer.json().code).toBe(code.replaceAll('-', '_'));
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.body).not.toContain('canary');
      expect(JSON.stringify(server.logged.map(({ message }) => message))).toContain(
        'request failed',
      );
    },
  );

  it('a webhook answers in its own form and keeps its place free', async () => {
    const broken = { now: false };
    const around = (store: EventStore): EventStore => ({
      ...store,
      append: (stream, expected, events) =>
        broken.now
          ? failing('store-unavailable')(store).append(stream, expected, events)
          : store.append(stream, expected, events),
    });
    await using server = await startServer({ around });
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({
      functionId,
      executionType: 'webhook',
      triggerMetadata: { path: '/in', queueCapacity: 1 },
    });
    broken.now = true;
    for (let n = 0; n < 3; n += 1) {
      const answer = await server.deliver('in', { payload: 'x' });
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.json()).toEqual({
        status: 'error',
        message: problems['store-unavailable'].meaning,
      });
    }
    broken.now = false;
    expect((await server.deliver('in', { payload: 'x' })).statusCode).toBe(202);
    expect((await server.ask('GET', `/health?trigger_id=${id}`)).statusCode).toBe(200);
  });
});

describe('on a socket', () => {
  const exchange = (port: number, text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  it('is kept, and says so, for longer than a proxy in front would', async () => {
    await using server = await startServer();
    const url = await server.http.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(`${url}/health/live`);
    expect(answer.headers.get('keep-alive')).toBe('timeout=72');
  });

  it.each([
    ['noise', 'hello\r\n\r\n', 400],
    [
      'a header beyond 16 KiB',
      `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    [
      'two lengths',
      'POST /health HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
      400,
    ],
    [
      'length and chunks',
      'POST /health HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('is answered as a problem and closed: %s', async (_, text, status) => {
    await using server = await startServer();
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.http.server.address() as AddressInfo;
    const answer = await exchange(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer).toContain('application/problem+json');
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });

  it('a body longer than the limit is refused without being read to its end', async () => {
    await using server = await startServer({ bodyLimit: 1_024 });
    await server.createTrigger({ executionType: 'webhook', triggerMetadata: { path: '/in' } });
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.http.server.address() as AddressInfo;
    const head = 'POST /workspace/acme/api/v1/webhook/in HTTP/1.1\r\nhost: x\r\n';
    const announced = await exchange(port, `${head}content-length: 99999999\r\n\r\nx`);
    expect(announced).toMatch(/^HTTP\/1.1 413 /);
    const chunk = `7d0\r\n${'x'.repeat(2_000)}\r\n`;
    const chunked = await exchange(
      port,
      `${head}transfer-encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1.1 413 /);
  });
});

it('has a status and a meaning for every error there is', () => {
  expect(Object.keys(problems).sort()).toEqual([...errorCodes].sort());
});
