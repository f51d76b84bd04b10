import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { triggerStream } from '../../src/domain/ids.ts';
import type { EventStore, NewEvent } from '../../src/store/event-store.ts';
import { openStore } from '../../src/store/index.ts';
import { hmacOf, type Options, type ServerUnderTest, startServer } from './server-under-test.ts';

const key = (version: number) => ({ version, key: Buffer.alloc(32, version) });
const encrypt = (value: unknown) => ({ value, encrypt: true });

interface Trigger {
  readonly id: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
  // biome-ignore lint/suspicious/noExplicitAny: as JSON came
  readonly triggerMetadata: any;
}

let log: EventStore;
let running: ServerUnderTest | undefined;
beforeEach(async () => {
  log = await openStore('memory:', { dataDir: '' });
});
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
  await log.close();
});

/** The server before, if there is one, ends; the log stays. */
const start = async (versions: readonly number[], more: Options = {}): Promise<ServerUnderTest> => {
  await running?.[Symbol.asyncDispose]();
  running = await startServer({ ...more, log, keys: versions.map(key) });
  return running;
};

const params = {
  open: 'plain',
  token: encrypt('token in the clear'),
  deep: [{ list: [encrypt({ any: ['nested in the clear'] })] }],
};

const setUp = async (server: ServerUnderTest) => {
  const { id: functionId } = await server.createFunction();
  const onDemand = await server.createTrigger({ functionId, triggerMetadata: { params } });
  const webhook = await server.createTrigger({
    functionId,
    executionType: 'webhook',
    triggerMetadata: { path: '/in', hmac: { secret: 'hmac in the clear' } },
  });
  return { functionId, onDemand, webhook };
};

const shown = async (server: ServerUnderTest, id: string): Promise<Trigger> =>
  (await server.ask('GET', `function-triggers/${id}`)).json();

/** Runs the trigger and tells what became of it. */
const outcomeOf = async (server: ServerUnderTest, id: string) => {
  const jobId = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
  for (;;) {
    const { invocation, ...rest } = (await server.ask('GET', `invocations/${jobId}`)).json();
    const document = invocation ?? rest;
    if (['succeeded', 'dead', 'cancelled'].includes(document.status)) return document;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const lastParams = (server: ServerUnderTest) =>
  JSON.parse(String(server.calls.at(-1)?.body)).triggerParams;

const base = {
  name: 'x',
  functionId: '00000000-0000-4000-8000-000000000001',
  executionType: 'on-demand',
};

const inTheClear = {
  open: 'plain',
  token: 'token in the clear',
  deep: [{ list: [{ any: ['nested in the clear'] }] }],
};

const deliver = (server: ServerUnderTest) =>
  server.deliver('in', {
    payload: 'hello',
    headers: { 'x-webhook-signature': hmacOf('hmac in the clear', 'hello') },
  });

const reEncrypt = async (server: ServerUnderTest) =>
  (await server.ask('POST', 'secrets/re-encrypt')).json();

describe('a new encryption key', () => {
  it('seals what is new, while what is old stays readable', async () => {
    const before = await setUp(await start([1]));
    const server = await start([1, 2]);
    const fresh = await server.createTrigger({ triggerMetadata: { params } });
    expect(fresh.triggerMetadata.params.token.keyVersion).toBe(2);
    const old = await shown(server, before.onDemand.id);
    expect(old.triggerMetadata.params.token.keyVersion).toBe(1);
    await outcomeOf(server, before.onDemand.id);
    expect(lastParams(server)).toEqual(inTheClear);
    expect((await deliver(server)).statusCode).toBe(202);
    expect((await server.ask('GET', 'secrets')).json()).toEqual({
      newestKeyVersion: 2,
      keyVersions: [
        { keyVersion: 1, secrets: 4, configured: true },
        { keyVersion: 2, secrets: 2, configured: true },
      ],
    });
  });

  it('takes over all current secrets on command, which changes nothing else', async () => {
    const before = await setUp(await start([1]));
    const server = await start([1, 2]);
    const etagOf = async () =>
      (await server.ask('GET', `function-triggers/${before.onDemand.id}`)).headers.etag;
    const etag = await etagOf();
    expect(await reEncrypt(server)).toEqual({
      newestKeyVersion: 2,
      keyVersions: [{ keyVersion: 2, secrets: 4, configured: true }],
      resealed: 3,
    });
    const after = await shown(server, before.onDemand.id);
    const { triggerMetadata: _, ...same } = before.onDemand;
    expect(after).toMatchObject(same);
    expect(after.triggerMetadata.params.open).toBe('plain');
    expect(after.triggerMetadata.params.deep[0].list[0].keyVersion).toBe(2);
    expect(await etagOf()).not.toBe(etag);
    const facts = (await server.ask('GET', 'audit?type=TriggerSecretsResealed')).json().events;
    expect(facts).toHaveLength(2);
    expect(facts[0]).toMatchObject({ actor: 'user:ann' });
  });

  it('is all that is needed from then on', async () => {
    const first = await start([1]);
    const before = await setUp(first);
    const payload = { ...base, functionId: before.functionId, triggerMetadata: { params } };
    const draft = (await first.ask('POST', 'function-triggers/drafts', { payload })).json();
    expect((await reEncrypt(await start([1, 2]))).resealed).toBe(4);
    const server = await start([2]);
    expect(await outcomeOf(server, before.onDemand.id)).toMatchObject({ status: 'succeeded' });
    expect(lastParams(server)).toEqual(inTheClear);
    expect((await deliver(server)).statusCode).toBe(202);
    const published = await server.ask('POST', `function-triggers/${draft.id}/publish`);
    expect(published.statusCode).toBe(201);
    await outcomeOf(server, published.json().id);
    expect(lastParams(server)).toEqual(inTheClear);
  });

  it('finds nothing to do the second time, nor where there is nothing sealed', async () => {
    const server = await start([1, 2]);
    await server.createTrigger();
    expect(await reEncrypt(server)).toMatchObject({ resealed: 0, keyVersions: [] });
    await setUp(server);
    expect(await reEncrypt(server)).toMatchObject({ resealed: 0 });
    const count = (await server.events()).length;
    await reEncrypt(server);
    expect((await server.events()).length).toBe(count);
  });

  it('goes on where it was interrupted', async () => {
    const first = await start([1]);
    for (let n = 0; n < 50; n += 1) await first.createTrigger({ triggerMetadata: { params } });
    let left = 20;
    const failing: Options['around'] = (inner) => ({
      ...inner,
      exclusive: inner.exclusive,
      append: (stream, revision, events) => {
        if (events.some(({ type }) => type === 'TriggerSecretsResealed') && left-- <= 0)
          return Promise.reject(new Error('the power is gone'));
        return inner.append(stream, revision, events);
      },
    });
    const interrupted = await start([1, 2], { around: failing });
    const answer = await interrupted.ask('POST', 'secrets/re-encrypt');
    expect(answer.statusCode).toBeGreaterThanOrEqual(500);
    const server = await start([1, 2]);
    expect(await reEncrypt(server)).toMatchObject({
      resealed: 30,
      keyVersions: [{ keyVersion: 2, secrets: 100 }],
    });
    const resealed = (await server.events()).filter(({ type }) => type.endsWith('Resealed'));
    expect(new Set(resealed.map(({ stream }) => stream)).size).toBe(50);
    expect(resealed).toHaveLength(50);
  });

  it('never writes over what somebody changes meanwhile', async () => {
    const first = await start([1]);
    const triggers: Trigger[] = [];
    for (let n = 0; n < 20; n += 1)
      triggers.push(await first.createTrigger({ triggerMetadata: { params } }));
    const server = await start([1, 2]);
    const change = (id: string) =>
      server.ask('PUT', `function-triggers/${id}`, {
        payload: { triggerMetadata: { params: { token: encrypt('changed in the clear') } } },
      });
    const [, ...changed] = await Promise.all([
      reEncrypt(server),
      ...triggers.map(({ id }) => change(id)),
    ]);
    expect(changed.map(({ statusCode }) => statusCode)).toEqual(triggers.map(() => 200));
    for (const { id } of triggers) {
      expect((await shown(server, id)).triggerMetadata.params.token.keyVersion).toBe(2);
      await outcomeOf(server, id);
    }
    expect((await reEncrypt(server)).keyVersions).toEqual([
      { keyVersion: 2, secrets: 20, configured: true },
    ]);
  });

  it('leaves other workspaces alone and needs a right of its own', async () => {
    const server = await start([1]);
    const elsewhere = await server.http.inject({
      method: 'POST',
      url: '/workspace/other/api/v1/secrets/re-encrypt',
      headers: { authorization: 'Bearer x' },
    });
    expect(elsewhere.statusCode).toBe(401);
    expect(
      (await server.ask('POST', '/workspace/other/api/v1/secrets/re-encrypt')).statusCode,
    ).toBe(403);
  });
});

describe('a key that is missing', () => {
  it('fails what needs its secrets, says so, and nothing else', async () => {
    const before = await setUp(await start([1]));
    const server = await start([2]);
    expect(await outcomeOf(server, before.onDemand.id)).toMatchObject({ status: 'dead' });
    const [dead] = (await server.events()).filter(({ type }) => type === 'InvocationDeadLettered');
    expect(dead?.data).toMatchObject({
      reason: 'not-retryable',
      failure: { kind: 'secret-unreadable', message: 'encryption key 1 is not configured' },
    });
    expect(server.calls).toEqual([]);
    const refused = await deliver(server);
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toEqual({ status: 'error', message: 'signing secret cannot be read' });
    expect((await shown(server, before.onDemand.id)).triggerMetadata.params.open).toBe('plain');
    const functionId = (await server.createFunction()).id;
    const { id } = await server.createTrigger({ functionId, triggerMetadata: { params } });
    expect(await outcomeOf(server, id)).toMatchObject({ status: 'succeeded' });
  });

  it('is told apart from the others, and its secrets stay as they are', async () => {
    await setUp(await start([1]));
    const server = await start([2]);
    expect(await reEncrypt(server)).toEqual({
      newestKeyVersion: 2,
      keyVersions: [{ keyVersion: 1, secrets: 4, configured: false }],
      resealed: 0,
    });
  });

  it('is as good as it was when it is back', async () => {
    const before = await setUp(await start([1]));
    await start([2]);
    const server = await start([2, 1]);
    expect(await outcomeOf(server, before.onDemand.id)).toMatchObject({ status: 'succeeded' });
  });

  it('can be made good by giving the secret anew', async () => {
    const before = await setUp(await start([1]));
    const server = await start([2]);
    const { id } = before.onDemand;
    const payload = { triggerMetadata: { params } };
    expect((await server.ask('PUT', `function-triggers/${id}`, { payload })).statusCode).toBe(200);
    const kept = await shown(server, before.webhook.id);
    const renamed = { name: 'another', triggerMetadata: kept.triggerMetadata };
    const answer = await server.ask('PUT', `function-triggers/${kept.id}`, { payload: renamed });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().triggerMetadata).toEqual(kept.triggerMetadata);
  });
});

describe('a sealed value', () => {
  const put = (server: ServerUnderTest, id: string, triggerMetadata: object) =>
    server.ask('PUT', `function-triggers/${id}`, { payload: { triggerMetadata } });

  it('may be sent back as it was shown, and is kept', async () => {
    const server = await start([1, 2]);
    const { onDemand, webhook } = await setUp(server);
    for (const { id } of [onDemand, webhook]) {
      const before = await shown(server, id);
      const answer = await server.ask('PUT', `function-triggers/${id}`, { payload: before });
      expect(answer.statusCode).toBe(200);
      expect(answer.json().triggerMetadata).toEqual(before.triggerMetadata);
      expect(answer.json().version).toBe(2);
    }
    await outcomeOf(server, onDemand.id);
    expect(lastParams(server)).toEqual(inTheClear);
  });

  it('is refused on creation, from another trigger, from another place, and altered', async () => {
    const server = await start([1]);
    const { onDemand } = await setUp(server);
    const other = await server.createTrigger({ triggerMetadata: { params } });
    const { token, deep } = onDemand.triggerMetadata.params;
    const altered = { ...token, value: `A${token.value.slice(1)}` };
    const attempts = [
      { token: other.triggerMetadata.params.token },
      { token: deep[0].list[0] },
      { token: token.value === altered.value ? { ...token, keyVersion: 2 } : altered },
      { token: { ...token, keyVersion: 2 } },
      { elsewhere: token },
    ];
    for (const given of attempts) {
      const answer = await put(server, onDemand.id, { params: given });
      expect(answer.statusCode).toBe(400);
      const field = `triggerMetadata.params.${Object.keys(given)[0]}`;
      expect(answer.json().details).toEqual([
        { field, message: 'must be a new value or the stored one' },
      ]);
    }
    const payload = {
      name: 'new',
      functionId: onDemand.functionId,
      executionType: 'on-demand',
      triggerMetadata: { params: { token } },
    };
    const created = await server.ask('POST', 'function-triggers', { payload });
    expect(created.statusCode).toBe(400);
    expect((await shown(server, onDemand.id)).version).toBe(1);
  });

  it('from before it was sealed anew is no longer the stored one', async () => {
    const first = await start([1]);
    const { onDemand } = await setUp(first);
    const server = await start([1, 2]);
    await reEncrypt(server);
    expect((await put(server, onDemand.id, onDemand.triggerMetadata)).statusCode).toBe(400);
  });

  it('needs a value', async () => {
    const server = await start([1]);
    const triggerMetadata = { params: { deep: [{ encrypt: true }] } };
    const answer = await server.ask('POST', 'function-triggers', {
      payload: { ...base, triggerMetadata },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().details[0].field).toBe('triggerMetadata.params.deep.0');
  });

  /** Whoever can write to the log itself still cannot move a secret to where they could read it. */
  it.each<[string, (victim: Trigger, own: Trigger) => object]>([
    [
      'to another trigger',
      (victim) => ({ params: { token: victim.triggerMetadata.params.token } }),
    ],
    [
      'to another place of the trigger',
      (_, own) => ({ params: { elsewhere: own.triggerMetadata.params.token } }),
    ],
    [
      'under another key version',
      (_, own) => ({ params: { token: { ...own.triggerMetadata.params.token, keyVersion: 2 } } }),
    ],
  ])('does not open when it was moved %s', async (_, forge) => {
    const server = await start([1, 2].toReversed());
    const { functionId, onDemand } = await setUp(server);
    const own = await server.createTrigger({ functionId, triggerMetadata: { params } });
    const [registered] = await log.readStream(triggerStream(own.id));
    if (!registered) throw new Error('the trigger has no history');
    const { isSystem: __, ...definition } = registered.data as { isSystem: boolean };
    const forged: NewEvent = {
      id: '00000000-0000-4000-8000-00000000000f',
      type: 'TriggerRevised',
      data: { ...definition, version: 2, triggerMetadata: forge(onDemand, own) },
      metadata: registered.metadata,
    };
    const { position } = await log.append(triggerStream(own.id), registered.revision, [forged]);
    if (position) await server.engine.reached(position);
    expect(await outcomeOf(server, own.id)).toMatchObject({ status: 'dead' });
    const dead = (await server.events()).find(({ type }) => type === 'InvocationDeadLettered');
    expect(dead?.data).toMatchObject({ failure: { kind: 'secret-unreadable' } });
    expect(server.calls).toEqual([]);
  });
});
