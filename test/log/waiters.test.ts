import { expect, it } from 'vitest';
import type { Clock } from '../../src/domain/clock.ts';
import { createWaiters } from '../../src/log/waiters.ts';
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

it('keeps nobody for whom it is over already', async () => {
  const { clock, pending } = createManualClock();
  const { wait } = createWaiters(clock);
  await wait(() => true, 5_000);
  expect(pending()).toBe(0);
});

it('refuses at the deadline and not before, as a store that is not there yet', async () => {
  const { clock, advance } = createManualClock();
  const { wait } = createWaiters(clock);
  const waited = wait(() => false, 5_000);
  let isOver = false;
  void waited.catch(() => {
    isOver = true;
  });
  advance(4_999);
  await Promise.resolve();
  expect(isOver).toBe(false);
  advance(1);
  await expect(waited).rejects.toMatchObject({ code: 'store-unavailable' });
});

it('turns all away where there is nothing to wait for any more', async () => {
  const { clock, pending } = createManualClock();
  const { wait, rejectAll, wake } = createWaiters(clock);
  const waits = Promise.allSettled([wait(() => false, 5_000), wait(() => false, 6_000)]);
  const reason = new Error('the views have failed');
  rejectAll(reason);
  wake();
  expect(await waits).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
  expect(pending()).toBe(0);
});
