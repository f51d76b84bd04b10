import { expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import type { Call } from '../../src/targets/target.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { type Options, startServer } from './server-under-test.ts';

const succeeded: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};

const bodyOf = ({ body }: Call) => JSON.parse(String(body));
const numberOf = (call: Call): number => bodyOf(call).executionParams.content.n;

/** A server whose function answers when it is let. */
const world = async (options: Options = {}) => {
  let isOpen = true;
  let waiting: (() => void)[] = [];
  const call = async (): Promise<CallOutcome> => {
    if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
    return succeeded;
  };
  const server = await startServer({ call, ...options });
  const { id: functionId } = await server.createFunction({ concurrency: 100 });
  const get = async (path: string) => (await server.ask('GET', path)).json();
  const post = async (path: string, payload: object = {}) => {
    const answer = await server.ask('POST', path, { payload });
    return { ...answer.json(), http: answer.statusCode };
  };
  let n = 0;
  return {
    ...{ server, functionId, get, post },
    shut: () => {
      isOpen = false;
    },
    letGo: () => {
      isOpen = true;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    async publish(count: number, topic = 'a'): Promise<{ id: string; position: string }[]> {
      const sent: { id: string; position: string }[] = [];
      for (let each = 0; each < count; each += 1) {
        const content = { n, k: `k${n % 3}` };
        const { event_id: id } = await post('messages', { topic, content });
        sent.push({ id, position: (await get(`events/${id}`)).position });
        n += 1;
      }
      return sent;
    },
    create(startFrom: unknown, metadata: object = {}, executionType = 'message') {
      n += 1;
      return post('function-triggers', {
        ...{ name: `t${n}`, functionId, executionType, startFrom },
        triggerMetadata: executionType === 'message' ? { topic: 'a', ...metadata } : metadata,
      });
    },
    triggerOf: (id: string) => get(`function-triggers/${id}`),
    until: (id: string, status: string) =>
      expect.poll(async () => (await get(`function-triggers/${id}`)).catchUp.status).toBe(status),
    idle: () => expect.poll(() => server.engine.stats()['open']).toBe(0),
    async kept() {
      expect(brokenPromises(await server.events(), { owners: 'one' })).toEqual([]);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

it('delivers what had arrived first and in order, then what arrives meanwhile', async () => {
  await using w = await world();
  const before = await w.publish(5);
  w.shut();
  const trigger = await w.create({ position: before[1]?.position }, { concurrency: 1 });
  expect(trigger).toMatchObject({ http: 201, startFrom: { after: before[0]?.position } });
  const { replayId } = trigger.catchUp;
  await w.until(trigger.id, 'running');
  const [live] = await w.publish(3);
  await expect.poll(() => w.server.calls.length).toBe(1);
  const [waits] = (await w.get(`invocations?eventId=${live?.id}`)).invocations;
  expect(waits.status).toBe('queued');
  const explain = () => w.get(`invocations/${waits.id}/explain`);
  expect((await explain()).waits).toMatchObject([{ for: 'catch-up', to: null }]);
  w.letGo();
  await w.until(trigger.id, 'over');
  await w.idle();
  expect(w.server.calls.map(numberOf)).toEqual([1, 2, 3, 4, 6, 7, 8]);
  expect(w.server.calls.map((call) => bodyOf(call).replay?.id)).toEqual([
    ...[replayId, replayId, replayId, replayId],
    ...[undefined, undefined, undefined],
  ]);
  expect((await explain()).waits[0]).toMatchObject({ for: 'catch-up', to: expect.any(String) });
  expect(await w.get(`replays/${replayId}`)).toMatchObject({
    ...{ status: 'completed', mode: 'catch-up', versions: 'as-now', createdBy: 'ann' },
    counts: { arrivals: 4, planned: 4, queued: 4, succeeded: 4, skipped: {} },
  });
  await w.kept();
});

it('starts from a time or a place, from now, and from before everything', async () => {
  await using w = await world();
  const sent = await w.publish(4);
  const of = async (startFrom: unknown) => {
    const { id, catchUp } = await w.create(startFrom);
    await w.until(id, 'over');
    const { invocations } = await w.get(`replays/${catchUp.replayId}/invocations`);
    return invocations.map(({ replayOf }: { replayOf: string }) => replayOf);
  };
  const ids = sent.map(({ id }) => id);
  const { receivedAt } = await w.get(`events/${ids[2]}`);
  expect(await of({ position: sent[2]?.position })).toEqual(ids.slice(2));
  expect(await of({ time: receivedAt })).toEqual(expect.arrayContaining(ids.slice(2)));
  expect(await of({ time: '2020-01-01T00:00:00Z' })).toEqual(ids);
  expect(await of({ position: '0' })).toEqual(ids);
  const now = await w.create('now');
  expect([now.http, now.catchUp, now.startFrom]).toEqual([201, undefined, undefined]);
  await w.idle();
  await w.kept();
});

it('goes by the same when a draft is published', async () => {
  await using w = await world();
  const sent = await w.publish(3);
  const draft = await w.post('function-triggers/drafts', {
    ...{ name: 'd', functionId: w.functionId, executionType: 'message' },
    triggerMetadata: { topic: 'a' },
  });
  const asked = `function-triggers/${draft.id}/publish`;
  expect((await w.post(asked, { startFrom: 'then' })).http).toBe(400);
  const trigger = await w.post(asked, { startFrom: { position: sent[1]?.position } });
  expect(trigger.http).toBe(201);
  await w.until(trigger.id, 'over');
  expect(w.server.calls.map(numberOf)).toEqual([1, 2]);
});

it('keeps what has one key in order across the seam', async () => {
  await using w = await world();
  const orderingKey = { pointer: '/content/k' };
  await w.publish(9);
  w.shut();
  const trigger = await w.create({ position: '0' }, { concurrency: 8, orderingKey });
  await w.until(trigger.id, 'running');
  await w.publish(9);
  await expect.poll(() => w.server.calls.length).toBe(3);
  w.letGo();
  await w.until(trigger.id, 'over');
  await w.idle();
  const keyOf = (call: Call): string => bodyOf(call).executionParams.content.k;
  for (const key of ['k0', 'k1', 'k2']) {
    const numbers = w.server.calls.filter((call) => keyOf(call) === key).map(numberOf);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
  expect(w.server.calls).toHaveLength(18);
  await w.kept();
});

it('waits with the rest of the past while its trigger is stopped', async () => {
  await using w = await world();
  await w.publish(5);
  w.shut();
  const trigger = await w.create({ position: '0' }, { concurrency: 2 });
  await expect.poll(() => w.server.calls.length).toBe(2);
  await w.post(`function-triggers/${trigger.id}/stop`);
  w.letGo();
  await w.publish(1);
  await w.post(`function-triggers/${trigger.id}/start`);
  const [live] = await w.publish(1);
  await w.until(trigger.id, 'over');
  await w.idle();
  expect(w.server.calls.map(numberOf)).toEqual([0, 1, 2, 3, 4, 7]);
  const { counts } = await w.get(`replays/${trigger.catchUp.replayId}`);
  expect(counts).toMatchObject({ succeeded: 5, skipped: {} });
  expect((await w.get(`events/${live?.id}`)).id).toBe(live?.id);
  await w.kept();
});

it('is over when its trigger is deleted, also where it was paused, and says why', async () => {
  await using w = await world();
  await w.publish(5);
  w.shut();
  for (const isPaused of [false, true]) {
    const before = w.server.calls.length;
    const trigger = await w.create({ position: '0' }, { concurrency: 1 });
    const replay = `replays/${trigger.catchUp.replayId}`;
    await expect.poll(() => w.server.calls.length).toBe(before + 1);
    const [live] = await w.publish(1);
    if (isPaused) await w.post(`${replay}/pause`);
    const deleted = await w.server.ask('DELETE', `function-triggers/${trigger.id}`);
    expect(deleted.statusCode).toBe(200);
    await expect.poll(async () => (await w.get(replay)).status).toBe('cancelled');
    expect(await w.get(replay)).toMatchObject({ reason: 'trigger deleted' });
    const { invocations } = await w.get(`invocations?eventId=${live?.id}`);
    expect(invocations).toMatchObject([{ status: 'cancelled', triggerId: trigger.id }]);
  }
  w.letGo();
  await w.idle();
  await w.kept();
});

it('lets live events go where it is cancelled, and holds them as long as it is paused', async () => {
  await using w = await world();
  await w.publish(5);
  w.shut();
  const trigger = await w.create({ position: '0' }, { concurrency: 1 });
  const replay = `replays/${trigger.catchUp.replayId}`;
  await expect.poll(() => w.server.calls.length).toBe(1);
  await w.post(`${replay}/pause`);
  const [live] = await w.publish(2);
  w.letGo();
  await expect.poll(async () => (await w.get(replay)).counts.succeeded).toBe(5);
  const statusOf = async () => (await w.get(`invocations?eventId=${live?.id}`)).invocations[0];
  expect(await statusOf()).toMatchObject({ status: 'queued' });
  expect(await w.triggerOf(trigger.id)).toMatchObject({
    ...{ queueSize: 2, catchUp: { status: 'paused' } },
  });
  await w.post(`${replay}/cancel`);
  await w.idle();
  expect(w.server.calls.map(numberOf)).toEqual([0, 1, 2, 3, 4, 6, 7]);
  await w.kept();
});

it('goes on to live events when what had arrived ends dead, function or no function', async () => {
  await using w = await world({
    call: async () => ({
      ...{ ok: false, durationMs: 1, retryAfterMs: null },
      failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
    }),
  });
  await w.publish(3);
  const trigger = await w.create({ position: '0' });
  await w.until(trigger.id, 'over');
  await w.publish(1);
  await w.idle();
  const { counts } = await w.get(`replays/${trigger.catchUp.replayId}`);
  expect(counts).toMatchObject({ dead: 3 });
  expect((await w.get(`invocations?triggerId=${trigger.id}`)).invocations).toHaveLength(4);
  const lost = await w.post('function-triggers', {
    ...{ name: 'lost', functionId: '00000000-0000-0000-0000-000000000000' },
    ...{ executionType: 'message', triggerMetadata: { topic: 'a' } },
    startFrom: { position: '0' },
  });
  await w.until(lost.id, 'over');
  expect((await w.get(`replays/${lost.catchUp.replayId}`)).counts).toMatchObject({
    ...{ planned: 0, queued: 0, skipped: { 'function-deleted': 4 } },
  });
  await w.kept();
});

it('takes no more for a trigger that is catching up than its queue holds', async () => {
  await using w = await world();
  const before = await w.create(undefined, { path: '/in' }, 'webhook');
  for (let n = 0; n < 3; n += 1) await w.server.deliver('in', { payload: { content: { n } } });
  await w.idle();
  await w.server.ask('DELETE', `function-triggers/${before.id}`);
  w.shut();
  const trigger = await w.create({ position: '0' }, { path: '/in', queueCapacity: 2 }, 'webhook');
  await expect.poll(() => w.server.calls.length).toBe(4);
  const deliver = async () => (await w.server.deliver('in', { payload: {} })).statusCode;
  expect([await deliver(), await deliver(), await deliver()]).toEqual([202, 202, 503]);
  w.letGo();
  await w.until(trigger.id, 'over');
  await w.idle();
  expect(w.server.calls).toHaveLength(8);
  expect(await deliver()).toBe(202);
  await w.kept();
});

it('refuses what cannot be started from', async () => {
  await using w = await world();
  await w.publish(1);
  const refusal = async (...asked: Parameters<typeof w.create>) => {
    const { http, details = [] } = await w.create(...asked);
    return [http, ...details.map(({ field }: { field: string }) => field)];
  };
  const ahead = new Date(Date.now() + 3_600_000).toISOString();
  expect(await refusal({ time: ahead })).toEqual([400, 'startFrom.time']);
  expect(await refusal({ position: '99999999' })).toEqual([400, 'startFrom.position']);
  for (const bad of [
    ...['then', '', 7, null, [], {}, { position: 'x' }, { position: 7 }, { time: 'today' }],
    ...[{ time: '2026-11-30' }, { time: ahead, position: '1' }, { from: 'now' }],
  ])
    expect((await refusal(bad))[0]).toBe(400);
  const schedule = { interval: 3_600 };
  expect(await refusal({ position: '0' }, {}, 'on-demand')).toEqual([400, 'startFrom']);
  expect(await refusal({ position: '0' }, schedule, 'scheduled')).toEqual([400, 'startFrom']);
  expect(await refusal('now', {}, 'on-demand')).toEqual([201]);
  const { total } = await w.get('function-triggers');
  expect(total).toBe(2);
});
