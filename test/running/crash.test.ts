import { describe, expect, it } from 'vitest';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { createCrashingStore } from './crashing-store.ts';
import { createWorld, failedWith, succeeded, type World } from './world.ts';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const aFunction = id(1);
const ordered = id(2);
const single = id(3);
const deleted = id(4);

type Step = (world: World) => Promise<unknown>;

const tolerant =
  (step: Step): Step =>
  (world) =>
    step(world).catch(() => undefined);

const retry = { maxAttempts: 3, initialDelayMs: 100 };

/** What people and senders do; each step may be done again by whoever got no answer. */
const history: readonly Step[] = [
  (world) => world.function({ functionId: aFunction, concurrency: 3, retry }),
  (world) => world.trigger(aFunction, { orderingKey: { pointer: '/key' } }, ordered),
  (world) => world.trigger(aFunction, { concurrency: 1 }, single),
  (world) => world.trigger(aFunction, { concurrency: 1 }, deleted),
  (world) => world.arrive(ordered, { key: 'a', fail: 1 }, id(10)),
  (world) => world.arrive(ordered, { key: 'a', fail: 0 }, id(11)),
  (world) => world.arrive(single, { fail: 9 }, id(12)),
  (world) => world.arrive(single, { fail: 0 }, id(13)),
  (world) => world.arrive(deleted, { fail: 1 }, id(14)),
  (world) => world.arrive(deleted, { fail: 0 }, id(15)),
  (world) => world.quiet(),
  (world) => world.onTrigger(single, { type: 'PauseTrigger', reason: 'test' }),
  (world) => world.arrive(ordered, { key: 'b', fail: 0 }, id(16)),
  (world) => world.arrive(ordered, { key: 'a', fail: 2 }, id(17)),
  (world) => world.onTrigger(deleted, { type: 'RetireTrigger' }),
  tolerant((world) =>
    world.onInvocation(invocationIdOf(id(17), ordered), {
      type: 'CancelInvocation',
      reason: 'test',
    }),
  ),
  (world) => world.quiet(),
  (world) => world.onTrigger(single, { type: 'ResumeTrigger' }),
  (world) => world.arrive(ordered, { key: 'b', fail: 9 }, id(18)),
  (world) => world.quiet(),
  tolerant((world) =>
    world.onInvocation(invocationIdOf(id(18), ordered), { type: 'RetryInvocation' }),
  ),
];

/** Fails as often as the body asks for, by the number of the attempt. */
const answerAll = ({ calls }: World, from: number): number => {
  for (const call of calls.slice(from)) {
    const { attempt, executionParams } = JSON.parse(String(call.body));
    call.answer(attempt <= executionParams.payload.fail ? failedWith(500) : succeeded);
  }
  return calls.length;
};

const perform = async (world: World, step: Step, answered: { count: number }): Promise<void> => {
  await step(world);
  answered.count = answerAll(world, answered.count);
  await world.quiet();
  answered.count = answerAll(world, answered.count);
  world.clock.advance(60);
};

const drain = async (world: World, answered: { count: number }): Promise<void> => {
  for (let round = 0; round < 40; round += 1) {
    await world.quiet();
    answered.count = answerAll(world, answered.count);
    if (round > 3 && world.engine.stats()['open'] === 0) return;
    world.clock.advance(5_000);
  }
};

interface Run {
  readonly broken: readonly string[];
  readonly died: boolean;
}

const run = async (atAppend: number, moment: 'before' | 'after'): Promise<Run> => {
  const inner = readsFacts(createMemoryStore());
  const store = createCrashingStore(inner, atAppend, moment);
  const world = createWorld({ store, limits: { checkpointEvents: 5 } });
  const answered = { count: 0 };
  let dead = false;
  let died = false;
  const death = store.crashed.then(() => {
    dead = true;
    died = true;
  });
  const reborn = async (): Promise<void> => {
    dead = false;
    await world.restart(inner);
  };
  await world.engine.start();
  for (const step of history) {
    await Promise.race([perform(world, step, answered), death]);
    if (!dead) continue;
    await reborn();
    await perform(world, step, answered);
  }
  await drain(world, answered);
  if (dead) {
    await reborn();
    await drain(world, answered);
  }
  await world.quiet();
  const log = await inner.readAll({ maxCount: 100_000 });
  const broken = [...brokenPromises(log, { settled: true }), ...world.fatal.map(String)];
  await world.engine.stop(0);
  return { broken, died };
};

describe('a crash', () => {
  it('is no part of the undisturbed history', async () => {
    expect(await run(Number.POSITIVE_INFINITY, 'before')).toEqual({ broken: [], died: false });
  });

  it.each(['before', 'after'] as const)(
    'just %s any append is recorded breaks no promise',
    async (moment) => {
      let atAppend = 1;
      for (let died = true; died; atAppend += 1) {
        const result = await run(atAppend, moment);
        expect({ atAppend, broken: result.broken }).toEqual({ atAppend, broken: [] });
        died = result.died;
      }
      expect(atAppend).toBeGreaterThan(30);
    },
    120_000,
  );
});
