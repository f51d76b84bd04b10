import { afterEach, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import type { Recorded } from '../../src/domain/events.ts';
import { invocationIdOf, invocationStream } from '../../src/domain/ids.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { createWorld, succeeded, type World, workspace } from './world.ts';

let world: World = createWorld();
afterEach(() => world.engine.stop(0));

/**
 * A log as releases before lanes left it: each invocation has a stream of its own. One has ended,
 * one runs in a process that is no more, one was not queued yet when that process ended.
 */
const formerLog = async () => {
  const store = readsFacts(createMemoryStore());
  const former = createWorld({ store });
  const triggerId = await former.trigger(await former.function());
  const arrivals = [
    await former.arrive(triggerId, { n: 1 }),
    await former.arrive(triggerId, { n: 2 }),
    await former.arrive(triggerId, { n: 3 }),
  ];
  const [registered] = (await former.log()).filter(({ type }) => type === 'TriggerRegistered');
  const functionId = (registered as Recorded<'TriggerRegistered'>).data.functionId ?? '';
  const log = await former.log();
  const correlationOf = (arrivalId: string): string =>
    log.find(({ data }) => 'arrivalId' in data && data.arrivalId === arrivalId)?.metadata
      .$correlationId ?? '';
  const metadata = (arrivalId: string) => ({
    ...{ workspace, actor: 'system:router', occurredAt: '2026-01-01T00:00:00.000Z' },
    ...{ schemaVersion: 1, $correlationId: correlationOf(arrivalId) },
  });
  const record = (arrivalId: string, type: string, data: object) => ({
    ...{ id: systemChance.newId(), type, data, metadata: metadata(arrivalId) },
  });
  const begun = (arrivalId: string) => {
    const invocation = { invocationId: invocationIdOf(arrivalId, triggerId), triggerId };
    const attempt = { ...invocation, attempt: 1, attemptId: `attempt of ${arrivalId}` };
    const policy = defaultRetryPolicy;
    const terms = { functionId, arrivalId, triggerVersion: 1, orderingKey: null, timeoutMs: 1_000 };
    const queued = { ...invocation, ...terms, policy, retryOf: null };
    const claim = { claimedBy: 'former', leaseUntil: '2026-01-01T00:01:00.000Z' };
    return {
      stream: invocationStream(invocation.invocationId),
      attempt,
      events: [
        record(arrivalId, 'InvocationQueued', queued),
        record(arrivalId, 'InvocationStarted', { ...attempt, ...claim }),
      ],
    };
  };
  const [first = '', second = '', third = ''] = arrivals;
  const ended = begun(first);
  const running = begun(second);
  const success = { ...ended.attempt, durationMs: 1, answer: succeeded.ok && succeeded.answer };
  await store.append(ended.stream, 'no_stream', [
    ...ended.events,
    record(first, 'InvocationSucceeded', success),
  ]);
  await store.append(running.stream, 'no_stream', running.events);
  await former.engine.stop(0);
  return { store, triggerId, first, second, third };
};

const settled = async (): Promise<void> => {
  world.always(succeeded);
  for (let round = 0; round < 8; round += 1) {
    await world.quiet();
    world.clock.advance(3_600_000);
  }
  await world.quiet();
};

it('goes on in the lane with what was begun in streams of invocations, and routes nothing twice', async () => {
  const { store, triggerId, second, third } = await formerLog();
  world = createWorld({ store });
  await world.engine.start();
  await settled();
  const log = await world.log();
  const of = (arrivalId: string) =>
    log.filter(
      ({ data }) =>
        'invocationId' in data && data.invocationId === invocationIdOf(arrivalId, triggerId),
    );
  expect(of(second).map(({ type, stream }) => [type, stream.replace(/-.*/, '')])).toEqual([
    ['InvocationQueued', 'invocation'],
    ['InvocationStarted', 'invocation'],
    ['AttemptLost', 'lane'],
    ['InvocationStarted', 'lane'],
    ['InvocationSucceeded', 'lane'],
  ]);
  expect(of(third).map(({ type }) => type)).toEqual([
    'InvocationQueued',
    'InvocationStarted',
    'InvocationSucceeded',
  ]);
  expect(log.filter(({ type }) => type === 'InvocationQueued')).toHaveLength(3);
  expect(brokenPromises(await store.readAll({ maxCount: 1_000 }), { settled: true })).toEqual([]);
});

it('repeats what ended in a stream of its own', async () => {
  const { store, triggerId, first } = await formerLog();
  world = createWorld({ store });
  await world.engine.start();
  await world.onInvocation(invocationIdOf(first, triggerId), { type: 'RetryInvocation' });
  await settled();
  const [retried] = (await world.log()).filter(({ type }) => type === 'InvocationRetried');
  expect(retried).toMatchObject({
    stream: invocationStream(invocationIdOf(first, triggerId)),
    revision: 3,
  });
  const { retriedAs } = (retried as Recorded<'InvocationRetried'>).data;
  const repeated = (await world.log()).filter(
    ({ data }) => 'invocationId' in data && data.invocationId === retriedAs,
  );
  expect(repeated.map(({ type }) => type)).toEqual([
    'InvocationQueued',
    'InvocationStarted',
    'InvocationSucceeded',
  ]);
});
