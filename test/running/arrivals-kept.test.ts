import { afterEach, expect, it } from 'vitest';
import type { World } from './world.ts';
import { createWorld, succeeded } from './world.ts';

let world: World = createWorld();
afterEach(() => world.engine.stop(0));

const kept = () => world.engine.stats()['arrivalsKept'];

const fresh = async () => {
  world = createWorld();
  await world.engine.start();
  const functionId = await world.function({ concurrency: 1 });
  return world.trigger(functionId);
};

it('an arrival is kept until the first attempt has it', async () => {
  const triggerId = await fresh();
  await world.arrive(triggerId);
  await world.arrive(triggerId);
  await world.quiet();
  expect([world.calls.length, kept()]).toEqual([1, 1]);
  world.calls[0]?.answer(succeeded);
  await world.quiet();
  expect([world.calls.length, kept()]).toEqual([2, 0]);
});

it('an arrival is not kept for an invocation that was cancelled before its first attempt', async () => {
  const triggerId = await fresh();
  await world.onTrigger(triggerId, { type: 'PauseTrigger', reason: 'test' });
  await world.arrive(triggerId);
  await world.quiet();
  expect(kept()).toBe(1);
  await world.onTrigger(triggerId, { type: 'RetireTrigger' });
  await world.quiet();
  expect((await world.types()).at(-1)).toBe('InvocationCancelled');
  expect(kept()).toBe(0);
});

it('an arrival is not kept for an invocation that died without an attempt', async () => {
  await fresh();
  const triggerId = await world.trigger('00000000-0000-0000-0000-00000000none');
  await world.arrive(triggerId);
  await world.quiet();
  expect((await world.types()).at(-1)).toBe('InvocationDeadLettered');
  expect(kept()).toBe(0);
});
