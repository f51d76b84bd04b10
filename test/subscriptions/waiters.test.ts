import { expect, it } from 'vitest';
import type { Clock } from '../../src/domain/clock.ts';
import { createWaiters } from '../../src/subscriptions/waiters.ts';
import { createManualClock } from './manual-clock.ts';

/** Like the system's: no timer is longer than a minute. */
const sleepingBriefly = (clock: Clock): Clock => ({
  ...clock,
  after: (delayMs, task) => clock.after(Math.min(delayMs, 60_000), task),
});

it('keeps a deadline that is longer than the clock can sleep', async () => {
  const { clock, advance, pending } = createManualClock();
  const { wait } = createWaiters(sleepingBriefly(clock));
  let outcome = 'waiting';
  const waited = wait(() => false, 150_000).catch(() => {
    outcome = 'refused';
  });
  advance(60_000);
  advance(60_000);
  await Promise.resolve();
  expect(outcome).toBe('waiting');
  advance(30_000);
  await waited;
  expect(outcome).toBe('refused');
  expect(pending()).toBe(0);
});

it('leaves no timer behind when the wait is over', async () => {
  const { clock, pending } = createManualClock();
  const { wait, wake } = createWaiters(clock);
  let isOver = false;
  const waited = wait(() => isOver, 5_000);
  wake();
  expect(pending()).toBe(1);
  isOver = true;
  wake();
  await waited;
  expect(pending()).toBe(0);
});
