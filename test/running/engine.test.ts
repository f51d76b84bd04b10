import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import type { Recorded } from '../../src/domain/events.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { createWorld, failedWith, signingSecret, succeeded, type World } from './world.ts';

let world: World = createWorld();

const fresh = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = createWorld(options);
  await world.engine.start();
  return world;
};

/** Every test ends with a log that keeps all promises. */
afterEach(async () => {
  expect(brokenPromises(await world.store.readAll({ maxCount: 100_000 }))).toEqual([]);
  expect(world.fatal).toEqual([]);
  await world.engine.stop(0);
});

const of = async <T extends Recorded['type']>(type: T): Promise<Extract<Recorded, { type: T }>[]> =>
  (await world.log()).filter(
    (event): event is Extract<Recorded, { type: T }> => event.type === type,
  );

const invocationTypes = async () =>
  (await world.types()).filter((type) => /^(Invocation|Attempt)/.test(type));

describe('an arrival', () => {
  it('is called for, and what came of it recorded', async () => {
    const { arrive, calls, quiet } = await fresh();
    const triggerId = await world.trigger(await world.function());
    const arrivalId = await arrive(triggerId, { n: 1 });
    await quiet();
    expect(calls).toHaveLength(1);
    expect(JSON.parse(String(calls[0]?.body))).toMatchObject({
      executionParams: { payload: { n: 1 } },
      triggerId,
      attempt: 1,
      event: { event_id: arrivalId, payload: { n: 1 } },
    });
    calls[0]?.answer(succeeded);
    await quiet();
    expect(await invocationTypes()).toEqual([
      'InvocationQueued',
      'InvocationStarted',
      'InvocationSucceeded',
    ]);
  });

  it('is signed for the function, under the id of the invocation', async () => {
    const { calls } = await fresh();
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    const { headers, body } = calls[0]!;
    expect(headers['idempotency-key']).toBe(headers['webhook-id']);
    expect(headers['webhook-id']).toBe(JSON.parse(String(body)).jobId);
    const inTime = { ...headers, 'webhook-timestamp': headers['webhook-timestamp'] ?? '' };
    const seconds = Number(inTime['webhook-timestamp']);
    expect(seconds).toBe(world.clock.now() / 1_000);
    const signed = new Webhook(signingSecret).sign(
      headers['webhook-id']!,
      new Date(seconds * 1_000),
      String(body),
    );
    expect(headers['webhook-signature']).toBe(signed);
  });

  it('for nobody is left as it is', async () => {
    await fresh();
    await world.arrive('nobody.listens', {}, systemChance.newId(), 'message');
    await world.quiet();
    expect(await invocationTypes()).toEqual([]);
  });

  it('that was let in just before a pause waits for the resumption', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function());
    await world.onTrigger(triggerId, { type: 'PauseTrigger', reason: 'test' });
    await world.arrive(triggerId);
    await world.quiet();
    expect(await invocationTypes()).toEqual(['InvocationQueued']);
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(1);
    await world.onTrigger(triggerId, { type: 'ResumeTrigger' });
    await world.quiet();
    expect(calls).toHaveLength(1);
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(0);
  });

  it('whose function does not exist ends in a dead letter without an attempt', async () => {
    const { calls } = await fresh();
    await world.arrive(await world.trigger('00000000-0000-0000-0000-00000000none'));
    await world.quiet();
    expect(calls).toEqual([]);
    const [dead] = await of('InvocationDeadLettered');
    expect(dead?.data).toMatchObject({ attempt: 0, reason: 'function-not-found' });
  });
});

describe('a failed attempt', () => {
  it('is followed by another one when its time has come', async () => {
    const { calls, answers, clock } = await fresh();
    answers.push(failedWith(500));
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    expect(calls).toHaveLength(1);
    clock.advance(499);
    await world.quiet();
    expect(calls).toHaveLength(1);
    clock.advance(1);
    await world.quiet();
    expect(calls).toHaveLength(2);
    expect(JSON.parse(String(calls[1]!.body))).toMatchObject({ attempt: 2 });
    expect(calls[1]!.headers['webhook-id']).toBe(calls[0]!.headers['webhook-id']);
    calls[1]!.answer(succeeded);
    await world.quiet();
    expect((await invocationTypes()).slice(1)).toEqual([
      'InvocationStarted',
      'InvocationFailed',
      'InvocationStarted',
      'InvocationSucceeded',
    ]);
  });

  it('is caused by what came before it, link by link', async () => {
    const { calls, clock } = await fresh();
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    calls[0]?.answer(failedWith(500));
    await world.quiet();
    await clock.advance(60_000);
    await world.quiet();
    calls[1]?.answer(succeeded);
    await world.quiet();
    const log = (await world.log()).filter(({ type }) => /^(Event|Invocation)/.test(type));
    const causes = log.map(({ metadata }) => log.find(({ id }) => id === metadata.$causationId));
    expect(log.map(({ type }, at) => [type, causes[at]?.type])).toEqual([
      ['EventArrived', undefined],
      ['InvocationQueued', 'EventArrived'],
      ['InvocationStarted', 'EventArrived'],
      ['InvocationFailed', 'InvocationStarted'],
      ['InvocationStarted', 'InvocationFailed'],
      ['InvocationSucceeded', 'InvocationStarted'],
    ]);
  });

  it('is the last one when the limit is reached', async () => {
    const { calls, always, clock } = await fresh();
    always(failedWith(500));
    await world.arrive(await world.trigger(await world.function({ retry: { maxAttempts: 3 } })));
    for (let n = 0; n < 5; n += 1) {
      await world.quiet();
      clock.advance(3_600_000);
    }
    await world.quiet();
    expect(calls).toHaveLength(3);
    const [dead] = await of('InvocationDeadLettered');
    expect(dead?.data).toMatchObject({ attempt: 3, reason: 'attempts-exhausted' });
  });

  it('is not repeated for a status that is final', async () => {
    const { calls, always } = await fresh();
    always(failedWith(422));
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    expect(calls).toHaveLength(1);
    expect((await of('InvocationDeadLettered'))[0]?.data.reason).toBe('not-retryable');
  });

  it('waits as long as the target asks', async () => {
    const { calls, always, clock } = await fresh();
    always(failedWith(503, 120_000));
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    clock.advance(119_999);
    await world.quiet();
    expect(calls).toHaveLength(1);
    clock.advance(1);
    await world.quiet();
    expect(calls).toHaveLength(2);
  });

  it('does not keep others of its trigger from starting', async () => {
    const { calls, answers } = await fresh();
    answers.push(failedWith(500));
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    await world.arrive(triggerId);
    await world.arrive(triggerId);
    await world.quiet();
    expect(calls).toHaveLength(2);
  });
});

describe('a target that is gone', () => {
  it('suspends the trigger; what else was accepted is held and goes on after the resumption', async () => {
    const { calls, answers } = await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    answers.push(failedWith(410));
    for (let n = 0; n < 3; n += 1) await world.arrive(triggerId, n);
    await world.quiet();
    const suspended = await of('TriggerSuspended');
    expect(suspended).toHaveLength(1);
    expect((await of('InvocationDeadLettered'))[0]?.data).toMatchObject({
      reason: 'gone',
      invocationId: suspended[0]?.data.invocationId,
    });
    expect(world.engine.registry.triggerById(triggerId)?.status).toBe('suspended');
    expect(calls).toHaveLength(1);
    world.always(succeeded);
    await world.onTrigger(triggerId, { type: 'ResumeTrigger' });
    await world.quiet();
    expect(brokenPromises(await world.log(), { settled: true })).toEqual([]);
    expect(await of('InvocationSucceeded')).toHaveLength(2);
  });
});

describe('cancelling', () => {
  const idOf = async (n = 0) => (await of('InvocationQueued'))[n]!.data.invocationId;
  const cancel = { type: 'CancelInvocation', reason: 'test' } as const;

  it('aborts a running call and frees its slot', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    await world.arrive(triggerId);
    await world.arrive(triggerId);
    await world.quiet();
    expect(calls).toHaveLength(1);
    await world.onInvocation(await idOf(), cancel);
    await world.quiet();
    expect(calls[0]?.interrupter?.interrupted).toBe(true);
    expect(calls).toHaveLength(2);
    expect(await of('InvocationCancelled')).toHaveLength(1);
  });

  it('takes a queued one out of the line', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    for (let n = 0; n < 3; n += 1) await world.arrive(triggerId, n);
    await world.quiet();
    await world.onInvocation(await idOf(1), cancel);
    await world.quiet();
    expect(world.engine.backlog.sizeOf(triggerId)).toBe(1);
    calls[0]?.answer(succeeded);
    await world.quiet();
    expect(JSON.parse(String(calls[1]!.body)).executionParams.payload).toBe(2);
  });

  it('ends the wait for a retry', async () => {
    const { calls, answers, clock } = await fresh();
    answers.push(failedWith(500));
    await world.arrive(await world.trigger(await world.function()));
    await world.quiet();
    await world.onInvocation(await idOf(), cancel);
    await world.quiet();
    clock.advance(3_600_000);
    await world.quiet();
    expect(calls).toHaveLength(1);
  });
});

describe('deleting a trigger', () => {
  it('cancels what has not begun and lets finish what runs', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    for (let n = 0; n < 3; n += 1) await world.arrive(triggerId, n);
    await world.quiet();
    await world.onTrigger(triggerId, { type: 'RetireTrigger' });
    await world.quiet();
    expect((await of('InvocationCancelled')).map(({ data }) => data.reason)).toEqual([
      'trigger deleted',
      'trigger deleted',
    ]);
    calls[0]?.answer(succeeded);
    await world.quiet();
    expect(await of('InvocationSucceeded')).toHaveLength(1);
    expect(brokenPromises(await world.log(), { settled: true })).toEqual([]);
  });

  it('lets what fails after it rest', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function());
    await world.arrive(triggerId);
    await world.quiet();
    await world.onTrigger(triggerId, { type: 'RetireTrigger' });
    calls[0]?.answer(failedWith(500));
    await world.quiet();
    expect((await invocationTypes()).at(-1)).toBe('InvocationCancelled');
  });
});

describe('deleting a function', () => {
  it('ends what waits for it in dead letters', async () => {
    const { calls } = await fresh();
    const functionId = await world.function({ concurrency: 1 });
    const triggerId = await world.trigger(functionId);
    for (let n = 0; n < 3; n += 1) await world.arrive(triggerId, n);
    await world.quiet();
    await world.retireFunction(functionId);
    calls[0]?.answer(succeeded);
    await world.quiet();
    expect((await of('InvocationDeadLettered')).map(({ data }) => data.reason)).toEqual([
      'function-not-found',
      'function-not-found',
    ]);
    expect(calls).toHaveLength(1);
  });
});

describe('a repetition an operator asks for', () => {
  it('is an invocation of its own, of the same arrival', async () => {
    const { calls, answers } = await fresh();
    answers.push(failedWith(400));
    const arrivalId = await world.arrive(await world.trigger(await world.function()), 'again');
    await world.quiet();
    const [first] = await of('InvocationQueued');
    await world.onInvocation(first!.data.invocationId, { type: 'RetryInvocation' });
    await world.quiet();
    const second = (await of('InvocationQueued'))[1]!;
    expect(second.data).toMatchObject({ arrivalId, retryOf: first!.data.invocationId });
    expect(second.metadata.$correlationId).toBe(first!.metadata.$correlationId);
    expect(calls).toHaveLength(2);
    expect(JSON.parse(String(calls[1]!.body))).toMatchObject({
      attempt: 1,
      executionParams: { payload: 'again' },
    });
    calls[1]!.answer(succeeded);
    await world.quiet();
    expect(brokenPromises(await world.log(), { settled: true })).toEqual([]);
  });
});

describe('limits', () => {
  it('hold per function over all its triggers', async () => {
    const { calls } = await fresh();
    const functionId = await world.function({ concurrency: 2 });
    const triggers = [await world.trigger(functionId), await world.trigger(functionId)];
    for (const triggerId of triggers) for (let n = 0; n < 3; n += 1) await world.arrive(triggerId);
    for (let done = 0; done < 6; done += 1) {
      await world.quiet();
      expect(calls.length - done).toBe(Math.min(2, 6 - done));
      calls[done]?.answer(succeeded);
    }
    await world.quiet();
    expect(await of('InvocationSucceeded')).toHaveLength(6);
  });

  it('hold per trigger, in order of acceptance', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    for (let n = 0; n < 20; n += 1) await world.arrive(triggerId, n);
    for (let n = 0; n < 20; n += 1) {
      await world.quiet();
      calls[n]?.answer(succeeded);
    }
    await world.quiet();
    const order = calls.map(({ body }) => JSON.parse(String(body)).executionParams.payload);
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('follow a change of the trigger and of the function', async () => {
    const { calls } = await fresh({ limits: { running: 3 } });
    const triggerId = await world.trigger(await world.function({ concurrency: 10 }));
    for (let n = 0; n < 5; n += 1) await world.arrive(triggerId);
    await world.quiet();
    expect(calls).toHaveLength(3);
  });
});

describe('an ordering key', () => {
  it('lets one after the other start, also over retries, and others pass', async () => {
    const { calls, clock } = await fresh();
    const triggerId = await world.trigger(await world.function(), {
      orderingKey: { pointer: '/key' },
    });
    const bodies = [
      { key: 'a', n: 0 },
      { key: 'a', n: 1 },
      { key: 'b', n: 2 },
      { n: 3 },
      { key: 'a', n: 4 },
    ];
    for (const body of bodies) await world.arrive(triggerId, body);
    await world.quiet();
    const called = () =>
      calls.map(({ body }) => JSON.parse(String(body)).executionParams.payload.n);
    expect(called()).toEqual([0, 2, 3]);
    calls[0]?.answer(failedWith(500));
    await world.quiet();
    expect(called()).toEqual([0, 2, 3]);
    clock.advance(1_000);
    await world.quiet();
    expect(called()).toEqual([0, 2, 3, 0]);
    calls[3]?.answer(succeeded);
    await world.quiet();
    calls[4]?.answer(succeeded);
    await world.quiet();
    expect(called()).toEqual([0, 2, 3, 0, 1, 4]);
  });
});

describe('the backlog', () => {
  it('gives no more places than there are, under parallel demand', async () => {
    await fresh();
    const triggerId = await world.trigger(await world.function(), { queueCapacity: 2 });
    await world.quiet();
    const { backlog } = world.engine;
    const places = [1, 2, 3].map(() => backlog.reserve(triggerId));
    expect(places.map((place) => place !== undefined)).toEqual([true, true, false]);
    places[0]?.();
    places[0]?.();
    expect(backlog.sizeOf(triggerId)).toBe(1);
    expect(backlog.reserve(triggerId)).toBeDefined();
    expect(backlog.reserve(triggerId)).toBeUndefined();
  });

  it('counts an event from its reservation to its first start, and not while it waits for a retry', async () => {
    const { answers } = await fresh();
    const triggerId = await world.trigger(await world.function(), {
      queueCapacity: 2,
      concurrency: 1,
    });
    await world.quiet();
    const { backlog } = world.engine;
    const sizes: number[] = [];
    const note = () => sizes.push(backlog.sizeOf(triggerId));
    backlog.reserve(triggerId);
    note();
    await world.arrive(triggerId);
    await world.quiet();
    note();
    backlog.reserve(triggerId);
    await world.arrive(triggerId);
    await world.quiet();
    note();
    answers.push(failedWith(500));
    world.calls[0]?.answer(failedWith(500));
    await world.quiet();
    note();
    expect(sizes).toEqual([1, 0, 1, 0]);
  });

  it('has no place in a trigger that does not exist', async () => {
    await fresh();
    expect(world.engine.backlog.reserve('nobody')).toBeUndefined();
  });
});

describe('stopping', () => {
  it('waits for running calls and starts no others', async () => {
    const { calls } = await fresh();
    const triggerId = await world.trigger(await world.function(), { concurrency: 1 });
    await world.arrive(triggerId);
    await world.arrive(triggerId);
    await world.quiet();
    const stopped = world.engine.stop(10_000);
    calls[0]?.answer(succeeded);
    await stopped;
    expect(calls).toHaveLength(1);
    expect(await of('InvocationSucceeded')).toHaveLength(1);
  });

  it('cuts short what does not end in time, at no cost of an attempt', async () => {
    const { calls, clock } = await fresh();
    const retry = { maxAttempts: 1 };
    const triggerId = await world.trigger(await world.function({ retry }));
    await world.arrive(triggerId);
    await world.quiet();
    const stopped = world.engine.stop(10_000);
    clock.advance(10_000);
    await stopped;
    expect((await of('InvocationFailed'))[0]?.data.failure.kind).toBe('shutdown');
    await world.restart();
    clock.advance(0);
    await world.quiet();
    expect(calls).toHaveLength(2);
    calls[1]?.answer(succeeded);
    await world.quiet();
    expect(await of('InvocationSucceeded')).toHaveLength(1);
  });

  it('turns away who still waits for a position', async () => {
    await fresh();
    const later = world.engine.reached('9'.repeat(16) as never);
    const refusal = expect(later).rejects.toMatchObject({ code: 'shutting-down' });
    await world.engine.stop(0);
    await refusal;
  });
});
