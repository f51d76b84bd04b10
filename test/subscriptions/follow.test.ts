import { expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { type FollowOptions, follow } from '../../src/subscriptions/follow.ts';
import { positionOf, recorded } from './history.ts';
import { createManualClock } from './manual-clock.ts';
import { createScriptedReader } from './scripted-reader.ts';

const events = recorded(
  Array.from({ length: 6 }, (_, n) => ({
    stream: `trigger-${n}`,
    fact: { type: 'TriggerResumed', data: { triggerId: String(n) } },
  })),
);

const following = (options: Partial<FollowOptions> = {}) => {
  const time = createManualClock();
  const script = createScriptedReader();
  const handled: string[] = [];
  const failures: unknown[] = [];
  const handle = follow(script.reader, {
    from: beginning,
    onEvents: (batch) => {
      handled.push(...batch.map((event) => event.position));
    },
    onFailed: (error) => failures.push(error),
    log: silentLogger,
    random: () => 0.5,
    clock: time.clock,
    ...options,
  });
  return { ...time, ...script, handled, failures, handle };
};

const places = (batch: readonly StoredEvent[]) => batch.map((event) => event.position);
const gone = new Error('connection reset');

it('begins at the start, or behind the position it is given', () => {
  expect(following().asked).toEqual(['start']);
  expect(following({ from: positionOf(3) }).asked).toEqual([positionOf(3)]);
});

it('comes back from the last position handled after a drop', async () => {
  const run = following();
  await run.deliver(events.slice(0, 3));
  run.drop(gone);
  run.advance(50);
  await run.deliver(events.slice(3));
  expect(run.asked).toEqual(['start', positionOf(3)]);
  expect(run.handled).toEqual(places(events));
  expect(run.open()).toBe(1);
});

it('waits longer after each failure in a row, with full jitter and a bound', () => {
  const run = following();
  const waits: number[] = [];
  for (let failure = 0; failure < 12; failure += 1) {
    const before = run.asked.length;
    run.drop(gone);
    let waited = 0;
    while (run.asked.length === before) {
      run.advance(1);
      waited += 1;
    }
    waits.push(waited);
  }
  expect(waits.slice(0, 4)).toEqual([50, 100, 200, 400]);
  expect(waits.at(-1)).toBe(15_000);
});

it('begins again with short waits once something was handled', async () => {
  const run = following();
  for (let failure = 0; failure < 5; failure += 1) {
    run.drop(gone);
    run.advance(30_000);
  }
  await run.deliver(events.slice(0, 1));
  run.drop(gone);
  run.advance(50);
  expect(run.asked.at(-1)).toBe(positionOf(1));
});

it('treats a refused subscription like a dropped one', () => {
  const run = following();
  run.refuseWith(new TriplineError('store-unavailable', 'no connection'));
  run.drop(gone);
  run.advance(50);
  run.refuseWith(undefined);
  run.advance(100);
  expect(run.asked).toHaveLength(3);
  expect(run.failures).toEqual([]);
});

it('hands nothing over twice when a store repeats itself', async () => {
  const run = following();
  await run.deliver(events.slice(0, 4));
  await run.deliver(events.slice(2));
  expect(run.handled).toEqual(places(events));
});

it('never runs two handlers at once, even when the drop comes in the middle of one', async () => {
  let finish = () => {};
  const run = following({
    onEvents: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  const delivery = run.deliver(events.slice(0, 2));
  run.drop(gone);
  run.advance(50);
  expect(run.asked).toHaveLength(1);
  finish();
  await delivery;
  await Promise.resolve();
  expect(run.asked).toEqual(['start', positionOf(2)]);
});

it('stops for good at an event its handler throws on, and says so', async () => {
  const run = following({
    onEvents: () => {
      throw new Error('bug');
    },
  });
  await run.deliver(events);
  await run.deliver(events);
  run.drop(gone);
  expect(run.failures).toEqual([new Error('bug')]);
  expect(run.handle.position).toBe(beginning);
  expect(run.pending()).toBe(0);
  expect(run.open()).toBe(0);
});

it('does not try again on a damaged log', () => {
  const run = following();
  const damage = new TriplineError('corrupt-store', 'events.db, position 7');
  run.drop(damage);
  expect(run.failures).toEqual([damage]);
  expect(run.pending()).toBe(0);
});

it('says when it has caught up, on every subscription', () => {
  let times = 0;
  const run = following({
    onCaughtUp: () => {
      times += 1;
    },
  });
  run.caughtUp();
  run.drop(gone);
  run.advance(50);
  run.caughtUp();
  expect(times).toBe(2);
});

it('leaves nothing behind when it is stopped, waiting or not', async () => {
  const listening = following();
  await listening.handle.stop();
  expect(listening.open()).toBe(0);
  const waiting = following();
  waiting.drop(gone);
  await waiting.handle.stop();
  expect(waiting.pending()).toBe(0);
  waiting.advance(60_000);
  expect(waiting.asked).toHaveLength(1);
});
