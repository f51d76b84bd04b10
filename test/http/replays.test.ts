import { expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import type { Call } from '../../src/targets/target.ts';
import { hang, type Options, type ServerUnderTest, startServer } from './server-under-test.ts';

const answered = (status: number): CallOutcome =>
  status < 300
    ? {
        ...{ ok: true, durationMs: 1 },
        answer: {
          ...{ status, contentType: null, truncated: false },
          body: { encoding: 'utf8', content: 'done' },
        },
      }
    : {
        ...{ ok: false, durationMs: 1, retryAfterMs: null },
        failure: { kind: 'status', message: `answered ${status}`, status, body: null },
      };

/** A server with a webhook trigger at `/in`, whose function answers what it is told to. */
const world = async (options: Options = {}) => {
  const state = { status: 200 };
  const server = await startServer({ call: async () => answered(state.status), ...options });
  const { id: functionId } = await server.createFunction();
  const trigger = await server.createTrigger({
    ...{ functionId, executionType: 'webhook', triggerMetadata: { path: '/in' } },
  });
  const get = async (path: string) => (await server.ask('GET', path)).json();
  const post = async (path: string, payload: object = {}) => {
    const answer = await server.ask('POST', path, { payload });
    return { ...answer.json(), http: answer.statusCode };
  };
  const settled = async () => {
    await expect.poll(async () => server.engine.stats()['open']).toBe(0);
    await get('invocations');
  };
  return {
    ...{ server, state, functionId, trigger, get, post, settled },
    async arrive(count: number, path = 'in'): Promise<string[]> {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1) {
        const payload = { n, at: path };
        ids.push((await server.deliver(path, { payload })).json().event_id);
      }
      await settled();
      return ids;
    },
    /** Resolves with the replay when it has ended, or stands so. */
    async until(id: string, status = 'completed') {
      await expect.poll(async () => (await get(`replays/${id}`)).status).toBe(status);
      return await get(`replays/${id}`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

const bodyOf = ({ body }: Call) => JSON.parse(String(body));
const again = ({ calls }: ServerUnderTest) => calls.map(bodyOf).filter(({ replay }) => replay);

it('delivers what died once more, told whose it is, and nothing that had succeeded', async () => {
  await using w = await world();
  await w.arrive(3);
  w.state.status = 400;
  const died = await w.arrive(5);
  w.state.status = 200;
  const asked = await w.post('replays');
  expect(asked).toMatchObject({
    ...{ http: 202, versions: 'as-then', mode: 'only-missing', concurrency: 8, rate: null },
    ...{ createdBy: 'ann', to: { matched: true }, arrivals: {} },
  });
  const replay = await w.until(asked.id);
  expect(replay.counts).toEqual({
    ...{ arrivals: 8, planned: 5, queued: 5, succeeded: 5, dead: 0, cancelled: 0 },
    skipped: { succeeded: 3 },
  });
  expect(replay.position).toBe(replay.range.upTo);
  expect(again(w.server).map(({ replay }) => replay)).toEqual(
    died.map((of) => ({ id: asked.id, of })),
  );
  const { invocations } = await w.get(`replays/${asked.id}/invocations`);
  expect(invocations.map(({ replayOf }: { replayOf: string }) => replayOf)).toEqual(died);
  const [first] = invocations;
  expect(first).toMatchObject({ eventId: died[0], replayId: asked.id, retryOf: null });
  const { events } = await w.get(`audit?entity=${first.id}&type=InvocationQueued`);
  const requested = (await w.get(`audit?entity=${asked.id}&type=ReplayRequested`)).events[0];
  expect(events[0]).toMatchObject({ causationId: requested.id });
  const arrived = await w.get(`events/${died[0]}`);
  expect(again(w.server)[0].event).toMatchObject({
    ...{ event_id: died[0], timestamp: arrived.receivedAt },
  });
  const second = await w.until((await w.post('replays')).id);
  expect(second.counts).toMatchObject({ planned: 0, queued: 0, skipped: { succeeded: 8 } });
});

it('counts first where it is asked to, and records nothing', async () => {
  await using w = await world();
  await w.arrive(2);
  w.state.status = 400;
  const died = await w.arrive(12);
  const before = (await w.server.events()).length;
  const preview = await w.post('replays', { dryRun: true });
  expect(preview).toMatchObject({
    http: 200,
    counts: { arrivals: 14, invocations: 12, skipped: { succeeded: 2 } },
  });
  expect(preview.sample).toHaveLength(10);
  const part = { triggerId: w.trigger.id };
  expect(preview.sample[0]).toMatchObject({ ...part, delivered: false, reason: 'succeeded' });
  expect(preview.sample[2]).toEqual({
    ...{ ...part, eventId: died[0], version: 1, delivered: true, reason: null },
  });
  expect((await w.server.events()).length).toBe(before);
  expect((await w.get('replays')).replays).toEqual([]);
});

it('is about what is asked for: a range, events, a source, a delivery, outcomes, triggers', async () => {
  await using w = await world();
  const other = await w.server.createTrigger({
    ...{ functionId: w.functionId, executionType: 'webhook', triggerMetadata: { path: '/other' } },
  });
  w.state.status = 400;
  const first = await w.arrive(3);
  const second = await w.arrive(2, 'other');
  w.state.status = 200;
  const third = await w.arrive(1);
  const at = async (id: string | undefined) => (await w.get(`events/${id}`)).position;
  const eventsOf = async (payload: object): Promise<string[]> => {
    const { sample } = await w.post('replays', { dryRun: true, ...payload });
    return sample.flatMap((each: { delivered: boolean; eventId: string }) =>
      each.delivered ? [each.eventId] : [],
    );
  };
  const position = async (n: number) => ({ position: await at([...first, ...second][n]) });
  expect(await eventsOf({ range: { from: await position(1), to: await position(3) } })).toEqual([
    ...first.slice(1),
    second[0],
  ]);
  expect(await eventsOf({ range: { from: await position(4) } })).toEqual([second[1]]);
  const time = { time: (await w.get(`events/${second[0]}`)).receivedAt };
  expect(await eventsOf({ range: { to: time } })).toEqual(expect.arrayContaining(first));
  const source = { kind: 'webhook', key: 'other' };
  expect(await eventsOf({ arrivals: { source } })).toEqual(second);
  const ids = [second[1], first[0], third[0]];
  expect(await eventsOf({ arrivals: { ids } })).toEqual([first[0], second[1]]);
  expect(await eventsOf({ arrivals: { ids, source } })).toEqual([second[1]]);
  expect(await eventsOf({ arrivals: { deliveryId: 'nobody' } })).toEqual([]);
  expect(await eventsOf({ arrivals: { outcomes: ['succeeded'] } })).toEqual([]);
  expect(await eventsOf({ arrivals: { outcomes: ['succeeded'] }, mode: 'force' })).toEqual(third);
  expect(await eventsOf({ arrivals: { outcomes: ['dead'], source } })).toEqual(second);
  expect(await eventsOf({ to: { triggers: [other.id] } })).toEqual(second);
  expect(await eventsOf({ to: { function: w.functionId } })).toEqual([...first, ...second]);
});

it('delivers with the definition of then, or with that of now', async () => {
  await using w = await world();
  const at = `function-triggers/${w.trigger.id}`;
  const put = (payload: object) => w.server.ask('PUT', at, { payload });
  await put({ triggerMetadata: { params: { v: 'then' } } });
  await w.arrive(1);
  await put({ triggerMetadata: { params: { v: 'now' } } });
  const late = await w.server.createTrigger({
    ...{ functionId: w.functionId, executionType: 'message', triggerMetadata: { topic: 'a' } },
  });
  const told = async (payload: object) => {
    const from = w.server.calls.length;
    const { id } = await w.post('replays', { mode: 'force', ...payload });
    await w.until(id);
    return w.server.calls.slice(from).map((call) => bodyOf(call).triggerParams);
  };
  expect(await told({ versions: 'as-then' })).toEqual([{ v: 'then' }]);
  expect(await told({ versions: 'as-now' })).toEqual([{ v: 'now' }]);
  // It moves away: by then it had a part in it, by now it has none.
  await put({ triggerMetadata: { path: '/elsewhere' } });
  expect(await told({ versions: 'as-then' })).toEqual([{ v: 'then' }]);
  expect(await told({ versions: 'as-now' })).toEqual([]);
  expect(late.id).toBeDefined();
});

it('passes nothing over unsaid: what is deleted, stopped or withheld is counted and listed', async () => {
  await using w = await world();
  const { server } = w;
  const make = async (topic: string) => {
    const { id: functionId } = await server.createFunction();
    const more = { executionType: 'message', triggerMetadata: { topic } };
    return await server.createTrigger({ functionId, ...more });
  };
  const [deleted, stopped, lonely, withheld] = [
    ...[await make('a'), await make('a'), await make('a'), await make('a')],
  ];
  await w.post(`function-triggers/${withheld.id}/stop`);
  w.state.status = 400;
  const published = await w.post('messages', { topic: 'a', sender: 'me', content: {} });
  await w.settled();
  await server.ask('DELETE', `function-triggers/${deleted.id}`);
  await w.post(`function-triggers/${stopped.id}/stop`);
  await server.ask('DELETE', `compute-functions/${lonely.functionId}?force=true`);
  await w.post(`function-triggers/${withheld.id}/start`);
  w.state.status = 200;
  const { id } = await w.post('replays');
  const { counts } = await w.until(id);
  const why = { 'trigger-deleted': 1, 'trigger-paused': 1, 'function-deleted': 1 };
  expect(counts).toMatchObject({ planned: 1, queued: 1, succeeded: 1, skipped: why });
  const { skipped, next } = await w.get(`replays/${id}/skipped`);
  const eventId = (await w.get(`events/${published.event_id}`)).id;
  expect(next).toBe(null);
  expect(skipped).toEqual(
    expect.arrayContaining([
      { eventId, triggerId: deleted.id, reason: 'trigger-deleted' },
      { eventId, triggerId: stopped.id, reason: 'trigger-paused' },
      { eventId, triggerId: lonely.id, reason: 'function-deleted' },
    ]),
  );
  const pages: unknown[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page = await w.get(`replays/${id}/skipped?limit=1${after && `&after=${after}`}`);
    pages.push(...page.skipped);
    after = page.next;
  }
  expect(pages).toEqual(skipped);
  const { invocations } = await w.get(`replays/${id}/invocations?status=succeeded`);
  expect(invocations).toMatchObject([{ triggerId: withheld.id }]);
});

it('is paused, goes on with the very next one, and can be cancelled', async () => {
  await using w = await world();
  w.state.status = 400;
  await w.arrive(40);
  w.state.status = 200;
  const { id } = await w.post('replays', { concurrency: 1, rate: { perSecond: 200 } });
  await expect.poll(async () => (await w.get(`replays/${id}`)).counts.queued).toBeGreaterThan(2);
  expect(await w.post(`replays/${id}/pause`)).toMatchObject({ http: 200, status: 'paused' });
  expect(await w.post(`replays/${id}/pause`)).toMatchObject({ http: 200, status: 'paused' });
  await w.settled();
  const { queued } = (await w.get(`replays/${id}`)).counts;
  expect(queued).toBeLessThan(40);
  expect(await w.post(`replays/${id}/resume`)).toMatchObject({ http: 200, status: 'running' });
  const { counts } = await w.until(id);
  expect(counts).toMatchObject({ planned: 40, queued: 40, succeeded: 40 });
  const of = again(w.server).map(({ replay }) => replay.of);
  expect(new Set(of).size).toBe(40);
  expect(of).toHaveLength(40);
  expect(await w.post(`replays/${id}/cancel`)).toMatchObject({ http: 409 });
  const { steps } = await w.get(`replays/${id}/history`);
  expect(steps.map(({ to }: { to: string }) => to)).toEqual(
    expect.arrayContaining(['requested', 'counting', 'running', 'paused', 'completed']),
  );
  const other = (await w.post('replays', { mode: 'force', rate: { perSecond: 1 } })).id;
  const cancelled = await w.post(`replays/${other}/cancel`);
  expect(cancelled).toMatchObject({ http: 200, status: 'cancelled', reason: 'by ann' });
  expect((await w.get('replays?status=cancelled')).replays).toMatchObject([{ id: other }]);
});

it('cancels what it has queued and does not run yet, and nothing else', async () => {
  let hangs = false;
  await using w = await world({
    call: async (call) => (hangs ? await hang(call) : answered(400)),
  });
  await w.server.ask('PATCH', `function-triggers/${w.trigger.id}`, {
    payload: { triggerMetadata: { concurrency: 1 } },
  });
  await w.arrive(6);
  hangs = true;
  const { id } = await w.post('replays', { concurrency: 4 });
  await expect.poll(async () => (await w.get(`replays/${id}`)).counts.queued).toBe(4);
  await expect.poll(() => again(w.server).length).toBe(1);
  await w.post(`replays/${id}/cancel`);
  await expect.poll(async () => (await w.get(`replays/${id}`)).counts.cancelled).toBe(3);
  const { invocations } = await w.get(`replays/${id}/invocations`);
  expect(invocations.map(({ status }: { status: string }) => status).sort()).toEqual([
    ...['cancelled', 'cancelled', 'cancelled', 'running'],
  ]);
});

it('is cancelled while it is still counted, and delivers nothing', async () => {
  let counting: (() => void) | undefined;
  await using w = await world();
  await w.arrive(3);
  const find = w.server.views.find.bind(w.server.views);
  const held = new Promise<void>((resolve) => {
    counting = resolve;
  });
  w.server.views.find = async (...parts) => {
    if (parts[0] === 'arrivals' && parts[1].limit === 1_000) await held;
    return await find(...parts);
  };
  const { id } = await w.post('replays', { mode: 'force' });
  await w.until(id, 'counting');
  expect(await w.post(`replays/${id}/pause`)).toMatchObject({ http: 409 });
  expect(await w.post(`replays/${id}/cancel`)).toMatchObject({ http: 200, status: 'cancelled' });
  counting?.();
  await expect.poll(() => w.server.engine.stats()['replays']).toBe(0);
  expect(again(w.server)).toEqual([]);
});

it('takes no place in a backlog, and lets what is live go first', async () => {
  const state = { isOpen: true };
  const waiting: (() => void)[] = [];
  await using w = await world({
    call: async () => {
      if (!state.isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      return answered(200);
    },
  });
  await w.server.ask('PATCH', `function-triggers/${w.trigger.id}`, {
    payload: { triggerMetadata: { concurrency: 1, queueCapacity: 2 } },
  });
  for (let n = 0; n < 5; n += 1) await w.arrive(1);
  state.isOpen = false;
  const { id } = await w.post('replays', { mode: 'force', concurrency: 5 });
  await expect.poll(async () => (await w.get(`replays/${id}`)).counts.queued).toBe(5);
  await expect.poll(() => waiting.length).toBe(1);
  const live = [await w.server.deliver('in'), await w.server.deliver('in')];
  expect(live.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
  expect((await w.server.deliver('in')).statusCode).toBe(503);
  state.isOpen = true;
  for (const answer of waiting) answer();
  await w.until(id);
  const order = w.server.calls.slice(5).map((call) => (bodyOf(call).replay ? 'again' : 'live'));
  expect(order).toEqual(['again', 'live', 'live', 'again', 'again', 'again', 'again']);
});

it('of two replays of one range each part is delivered once', async () => {
  await using w = await world();
  w.state.status = 400;
  await w.arrive(60);
  w.state.status = 200;
  const asked = await Promise.all([1, 2, 3].map(() => w.post('replays', { concurrency: 4 })));
  const replays = [];
  for (const { id } of asked) replays.push(await w.until(id));
  const of = again(w.server).map(({ replay }) => replay.of);
  expect(of).toHaveLength(60);
  expect(new Set(of).size).toBe(60);
  const sum = replays.reduce((total, { counts }) => total + counts.queued, 0);
  expect(sum).toBe(60);
});

it('of a range that was replayed before, delivers each event once and not what was made of it', async () => {
  await using w = await world();
  w.state.status = 400;
  const died = await w.arrive(3);
  const first = await w.until((await w.post('replays')).id);
  expect(first.counts).toMatchObject({ arrivals: 3, planned: 3, dead: 3 });
  const second = await w.until((await w.post('replays')).id);
  expect(second.counts).toMatchObject({ arrivals: 3, planned: 3, dead: 3, skipped: {} });
  w.state.status = 200;
  const third = await w.until((await w.post('replays', { mode: 'force' })).id);
  expect(third.counts).toMatchObject({ arrivals: 3, planned: 3, succeeded: 3 });
  const told = again(w.server).map(({ replay }) => replay);
  expect(told).toEqual([first, second, third].flatMap(({ id }) => died.map((of) => ({ id, of }))));
  expect((await w.get('dead-letters')).deadLetters).toEqual([]);
});

it('is 404 where there is no such replay, whatever is asked of it', async () => {
  await using w = await world();
  for (const path of ['', '/invocations', '/skipped', '/history'])
    expect((await w.server.ask('GET', `replays/nobody${path}`)).statusCode).toBe(404);
  for (const deed of ['pause', 'resume', 'cancel'])
    expect((await w.server.ask('POST', `replays/nobody/${deed}`)).statusCode).toBe(404);
});

it('redrives what died, by the filters of the list', async () => {
  await using w = await world();
  const other = await w.server.createTrigger({ functionId: w.functionId });
  w.state.status = 400;
  const died = await w.arrive(3);
  await w.server.ask('POST', `function-triggers/${other.id}/execute`);
  await w.settled();
  w.state.status = 200;
  const triggerId = w.trigger.id;
  const counted = await w.post('dead-letters/redrive', { triggerId, dryRun: true });
  expect(counted.counts).toEqual({ arrivals: 3, invocations: 3, skipped: {} });
  const asked = await w.post('dead-letters/redrive', { triggerId, reason: 'not-retryable' });
  expect(asked).toMatchObject({ http: 202, deadLetters: { triggerId }, versions: 'as-now' });
  const { counts } = await w.until(asked.id);
  expect(counts).toMatchObject({ planned: 3, queued: 3, succeeded: 3 });
  expect(again(w.server).map(({ replay }) => replay.of)).toEqual(died);
  const left = (await w.get('dead-letters')).deadLetters;
  expect(left).toMatchObject([{ triggerId: other.id }]);
  const gone = await w.post('dead-letters/redrive', { failureKind: 'gone' });
  expect((await w.until(gone.id)).counts).toMatchObject({ planned: 0, queued: 0 });
});

it('is asked for once with one key', async () => {
  await using w = await world();
  await w.arrive(1);
  const headers = { 'idempotency-key': 'again' };
  const ask = (payload: object) => w.server.ask('POST', 'replays', { payload, headers });
  const [first, second] = [await ask({}), await ask({})];
  expect([first.statusCode, second.statusCode]).toEqual([202, 202]);
  expect(second.json().id).toBe(first.json().id);
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect((await ask({ mode: 'force' })).json().code).toBe('idempotency_mismatch');
});

it.each([
  [{ range: { from: { time: '2099-01-01T00:00:00Z' } } }, 'range.from'],
  [{ range: { to: { position: '9999999999999999' } } }, 'range.to'],
  [{ range: { to: { position: "' OR 1=1" } } }, 'range.to.position'],
  [
    { range: { from: { time: '2026-01-02T00:00:00Z' }, to: { time: '2026-01-01T00:00:00Z' } } },
    'range.from',
  ],
  [
    { range: { from: { position: '0000000000000002' }, to: { position: '0000000000000001' } } },
    'range.from',
  ],
  [{ arrivals: { ids: ['nobody'] } }, 'arrivals.ids'],
  [{ arrivals: { ids: Array(1_001).fill('x') } }, 'arrivals.ids'],
  [{ arrivals: { outcomes: ['happy'] } }, 'arrivals.outcomes.0'],
  [{ to: { triggers: ['nobody'] } }, 'to.triggers'],
  [{ to: { function: 'nobody' } }, 'to.function'],
  [{ to: { matched: false } }, 'to'],
  [{ rate: { perSecond: 0 } }, 'rate.perSecond'],
  [{ rate: { perSecond: -1 } }, 'rate.perSecond'],
  [{ concurrency: 0 }, 'concurrency'],
  [{ concurrency: 1e9 }, 'concurrency'],
  [{ mode: 'all' }, 'mode'],
  [{ colour: 'blue' }, 'colour'],
])('what makes no sense is 400: %j', async (payload, field) => {
  await using server = await startServer();
  const answer = await server.ask('POST', 'replays', { payload });
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'validation_failed']);
  expect(answer.body).toContain(`"field":"${field}`);
});

it('a million ids are refused before they are looked at', async () => {
  await using server = await startServer({ bodyLimit: 64 * 1_048_576 });
  const ids = Array.from({ length: 1_000_000 }, (_, n) => `id-${n}`);
  const answer = await server.ask('POST', 'replays', { payload: { arrivals: { ids } } });
  expect([400, 413]).toContain(answer.statusCode);
});
