import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemChance } from '../../src/domain/chance.ts';
import { recordArrival } from '../../src/intake/record-arrival.ts';
import type { SignatureScheme } from '../../src/signatures/scheme.ts';
import { openStore } from '../../src/store/index.ts';
import { commonConfig } from '../../src/triggers/common-config.ts';
import type { TriggerConfig, TriggerKind } from '../../src/triggers/kind.ts';
import { createTopicIndex } from '../../src/triggers/topic-index.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const config = z.strictObject({ place: z.string(), ...commonConfig });

const kindOf = (name: string, more: Partial<TriggerKind> = {}): TriggerKind => ({
  kind: name,
  config: config as unknown as z.ZodType<TriggerConfig>,
  key: (settings) => (settings as z.infer<typeof config>).place,
  secretPaths: [],
  present: (_, { json }) => ({ executionParams: `{"seen":${json}}`, eventMetadata: null }),
  ...more,
});

/** As a way in of the kind's own would. */
const arrive = async (server: ServerUnderTest, kind: string, key: string) => {
  const { position } = await recordArrival(
    { ...server, chance: systemChance },
    {
      ...{ workspace: 'acme', actor: 'test', receivedAt: Date.now(), source: { kind, key } },
      ...{ deliveryId: null, request: null, verification: null, rawBody: Buffer.from('1') },
    },
  );
  if (position !== undefined) await server.engine.reached(position);
};

const failure = { kind: 'status', message: 'no', status: 400, body: null } as const;

const seen = (server: ServerUnderTest) =>
  server.calls.map(({ body }) => JSON.parse(String(body)).executionParams);

const healthOf = async (server: ServerUnderTest, id: string) =>
  (await server.http.inject({ url: `/health?trigger_id=${id}` })).json();

describe('a trigger kind that is added while the server runs', () => {
  const watch = { executionType: 'watch', triggerMetadata: { place: 'here' } };

  it('is registered for, routed and called', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    expect((await server.createTrigger({ functionId, ...watch })).code).toBe('validation_failed');
    server.kinds.add(kindOf('watch'));
    const { id } = await server.createTrigger({ functionId, ...watch });
    await arrive(server, 'watch', 'elsewhere');
    await arrive(server, 'watch', 'here');
    await expect.poll(() => seen(server)).toEqual([{ seen: 1 }]);
    expect(await healthOf(server, id)).toMatchObject({ status: 'healthy' });
  });

  it('says of its triggers that they are broken while it is away, and takes them up again', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const takeAway = server.kinds.add(kindOf('watch'));
    const { id } = await server.createTrigger({ functionId, ...watch });
    takeAway();
    const reason = 'there is no trigger kind watch';
    expect(await healthOf(server, id)).toMatchObject({ status: 'broken', reason });
    await arrive(server, 'watch', 'here');
    // By another rule than before.
    server.kinds.add(kindOf('watch', { createIndex: createTopicIndex, key: () => 'a.*' }));
    await arrive(server, 'watch', 'here');
    await arrive(server, 'watch', 'a.b');
    await expect.poll(() => seen(server)).toEqual([{ seen: 1 }]);
    await server.ask('DELETE', `function-triggers/${id}`);
    await arrive(server, 'watch', 'a.b');
    expect(seen(server)).toHaveLength(1);
  });

  it('finds the triggers that were there before it, after a start too', async () => {
    const log = await openStore('memory:', { dataDir: '' });
    let functionId = '';
    {
      await using server = await startServer({ log });
      functionId = (await server.createFunction()).id;
      server.kinds.add(kindOf('watch'));
      await server.createTrigger({ functionId, ...watch });
    }
    {
      await using server = await startServer({ log });
      await arrive(server, 'watch', 'here');
      expect(server.calls).toEqual([]);
      server.kinds.add(kindOf('watch'));
      await arrive(server, 'watch', 'here');
      await expect.poll(() => seen(server)).toEqual([{ seen: 1 }]);
    }
    await log.close();
  });

  it('that goes while an invocation waits lets its attempt fail in words', async () => {
    let answer: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await using server = await startServer({
      call: async () => {
        await answered;
        return { ok: false, durationMs: 1, failure, retryAfterMs: null };
      },
    });
    const { id: functionId } = await server.createFunction({
      concurrency: 1,
      retry: { maxAttempts: 1 },
    });
    const takeAway = server.kinds.add(kindOf('watch'));
    const { id } = await server.createTrigger({ functionId, ...watch });
    await arrive(server, 'watch', 'here');
    await arrive(server, 'watch', 'here');
    await expect.poll(() => server.calls.length).toBe(1);
    takeAway();
    answer();
    const dead = async () =>
      (await server.ask('GET', `dead-letters?triggerId=${id}&order=asc`)).json().deadLetters;
    await expect.poll(async () => (await dead()).length).toBe(2);
    const [, second] = await dead();
    expect(second.failure.message).toBe('there is no trigger kind watch');
  });
});

describe('a signature scheme that is added while the server runs', () => {
  const scheme = (name: string, word: string): SignatureScheme => ({
    name,
    evidence: null,
    options: z.strictObject({}),
    signsDeliveryId: false,
    headers: () => ['x-word'],
    readSecret: (text) => createSecretKey(text, 'utf8'),
    verify: ({ headers }) =>
      headers['x-word'] === word
        ? { ok: true, secret: 0, deliveryId: null }
        : { ok: false, reason: 'no-match' },
  });

  it('guards the door, also when another takes its place', async () => {
    await using server = await startServer();
    const create = () =>
      server.createTrigger({
        executionType: 'webhook',
        triggerMetadata: { path: '/in', signature: { scheme: 'word', secrets: ['s'] } },
      });
    expect((await create()).code).toBe('validation_failed');
    const takeAway = server.schemes.add(scheme('word', 'please'));
    const { id } = await create();
    const deliver = async (word: string) =>
      (await server.deliver('in', { payload: 'x', headers: { 'x-word': word } })).statusCode;
    expect([await deliver('please'), await deliver('now')]).toEqual([202, 401]);
    takeAway();
    expect(await deliver('please')).toBe(503);
    expect((await server.ask('GET', `function-triggers/${id}`)).json().warnings.join()).toContain(
      'there is no function',
    );
    server.schemes.add(scheme('word', 'now'));
    expect([await deliver('please'), await deliver('now')]).toEqual([401, 202]);
  });
});
