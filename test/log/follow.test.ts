import { expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { type FollowOptions, follow } from '../../src/log/follow.ts';
import { positionOf, recorded } from '../views/history.ts';
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
  await run.deliver(events.slice(5));
  expect(run.handled).toEqual(places(events));
});

it('hands nothing over where there is nothing new', async () => {
  const batches: number[] = [];
  const run = following({ onEvents: (batch) => void batches.push(batch.length) });
  await run.deliver([]);
  await run.deliver(events.slice(0, 2));
  await run.deliver(events.slice(0, 2));
  await run.deliver([]);
  expect(batches).toEqual([2]);
  expect([run.handle.position, run.failures]).toEqual([positionOf(2), []]);
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

it.each(['corrupt-store', 'corrupt-stream', 'store-failed'] as const)(
  'does not try again on a log that is damaged: %s',
  (code) => {
    const run = following();
    const damage = new TriplineError(code, 'events.db, position 7');
    run.drop(damage);
    expect(run.failures).toEqual([damage]);
    expect(run.pending()).toBe(0);
    expect(run.open()).toBe(0);
  },
);

it('stops at a promise of its handler that fails, and says so once', async () => {
  const run = following({ onEvents: () => Promise.reject(new Error('bug')) });
  await run.deliver(events.slice(0, 2));
  run.drop(new TriplineError('store-failed', 'the thread is gone'));
  run.caughtUp();
  expect(run.failures).toEqual([new Error('bug')]);
  expect(run.handle.position).toBe(beginning);
});

it('hears nothing any more from a subscription that was dropped', async () => {
  let times = 0;
  const run = following({
    onCaughtUp: () => {
      times += 1;
    },
  });
  run.drop(gone);
  await run.deliver(events.slice(0, 1));
  run.caughtUp();
  run.drop(gone);
  expect({ handled: run.handled, times, timers: run.pending() }).toEqual({
    handled: [],
    times: 0,
    timers: 1,
  });
  expect(run.open()).toBe(0);
});

it('hears nothing any more once it is stopped', async () => {
  let times = 0;
  const run = following({
    onCaughtUp: () => {
      times += 1;
    },
  });
  await run.handle.stop();
  await run.deliver(events.slice(0, 1));
  run.caughtUp();
  run.drop(new TriplineError('corrupt-store', 'events.db'));
  expect({ handled: run.handled, times, failures: run.failures }).toEqual({
    handled: [],
    times: 0,
    failures: [],
  });
});

it('is stopped only when its handler has come to an end', async () => {
  let finish = () => {};
  const run = following({
    onEvents: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  const delivery = run.deliver(events.slice(0, 2));
  let isStopped = false;
  const stopped = run.handle.stop().then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isStopped).toBe(false);
  finish();
  await Promise.all([delivery, stopped]);
  expect(run.handle.position).toBe(positionOf(2));
});

it('says nothing of a handler that fails once it is stopped', async () => {
  let fail: (error: Error) => void = () => {};
  const run = following({
    onEvents: () =>
      new Promise<void>((_, reject) => {
        fail = reject;
      }),
  });
  const delivery = run.deliver(events.slice(0, 2));
  const stopped = run.handle.stop();
  fail(new Error('bug'));
  await Promise.all([delivery, stopped]);
  expect(run.failures).toEqual([]);
  expect(run.handle.position).toBe(beginning);
});

it('does not come back once it is stopped, though it only waits for its handler', async () => {
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
  const stopped = run.handle.stop();
  finish();
  await Promise.all([delivery, stopped]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(run.asked).toHaveLength(1);
});

it('hears nothing of a subscription that was refused', async () => {
  const heard: unknown[] = [];
  const time = createManualClock();
  let say: () => unknown = () => undefined;
  const reader: Parameters<typeof follow>[0] = {
    subscribeAll: (_, handlers) => {
      say = () => handlers.onEvents(events);
      throw gone;
    },
  };
  follow(reader, {
    ...{ from: beginning, onEvents: (batch) => void heard.push(...batch), onFailed: () => {} },
    ...{ log: silentLogger, random: () => 0.5, clock: time.clock },
  });
  await say();
  expect(heard).toEqual([]);
  expect(time.pending()).toBe(1);
});

it('leaves a subscription that is over before it is there', () => {
  const { clock } = createManualClock();
  let left = 0;
  const reader: Parameters<typeof follow>[0] = {
    subscribeAll: (_, handlers) => {
      handlers.onDropped?.(gone);
      return {
        unsubscribe: async () => {
          left += 1;
        },
      };
    },
  };
  const fail = (error: unknown) => expect.unreachable(String(error));
  follow(reader, {
    ...{ from: beginning, onEvents: () => {}, onFailed: fail },
    ...{ log: silentLogger, random: () => 0.5, clock },
  });
  expect(left).toBe(1);
});

it('gives others a turn where the log comes in without a pause, and only then', async () => {
  const time = createManualClock();
  const turns: (() => void)[] = [];
  const soon = (task: () => void) => {
    turns.push(task);
    return () => {};
  };
  const clock = { ...time.clock, soon };
  const run = following({ clock });
  await run.deliver(events.slice(0, 1));
  time.advance(9);
  await run.deliver(events.slice(1, 2));
  expect(turns).toHaveLength(0);
  time.advance(1);
  const third = run.deliver(events.slice(2, 3));
  expect(turns).toHaveLength(1);
  time.advance(5);
  turns.pop()?.();
  await third;
  time.advance(9);
  await run.deliver(events.slice(3, 4));
  expect(turns).toHaveLength(0);
  expect(run.handled).toEqual(places(events.slice(0, 4)));
});

it('starts its waits anew once it has caught up, though there was nothing to handle', () => {
  const run = following();
  for (let failure = 0; failure < 5; failure += 1) {
    run.drop(gone);
    run.advance(30_000);
  }
  run.caughtUp();
  run.drop(gone);
  const before = run.asked.length;
  run.advance(50);
  expect(run.asked).toHaveLength(before + 1);
});

it('passes on what was left out', () => {
  const onLeftOut = () => {};
  const given: unknown[] = [];
  const reader: Parameters<typeof follow>[0] = {
    subscribeAll: (_, handlers) => {
      given.push(handlers.onLeftOut);
      return { unsubscribe: async () => {} };
    },
  };
  const { clock } = createManualClock();
  follow(reader, {
    ...{ from: beginning, onEvents: () => {}, onFailed: () => {}, onLeftOut },
    ...{ log: silentLogger, random: () => 0.5, clock },
  });
  expect(given).toEqual([onLeftOut]);
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

it('tells of each drop that nobody has a name for, and of a subscription that cannot be closed', async () => {
  const lines: unknown[] = [];
  const line = (fields: object, message: string) => void lines.push({ ...fields, message });
  const time = createManualClock();
  let drop = () => {};
  const reader: Parameters<typeof follow>[0] = {
    subscribeAll: (_, handlers) => {
      drop = () => handlers.onDropped?.(gone);
      return { unsubscribe: () => Promise.reject(new Error('no answer')) };
    },
  };
  const handle = follow(reader, {
    ...{ from: positionOf(3), onEvents: () => {}, onFailed: () => {} },
    ...{ log: { debug: line, info: line, warn: line, error: line } },
    ...{ random: () => 0.5, clock: time.clock },
  });
  drop();
  await handle.stop();
  expect(lines).toEqual([
    { message: 'subscription dropped', err: gone, position: positionOf(3) },
    { message: 'subscription could not be closed', err: new Error('no answer') },
  ]);
});

it('tells once that a store is away and once that it is back, and nothing of a drop that heals at once', async () => {
  const lines: unknown[] = [];
  const line = (fields: object, message: string) => void lines.push({ ...fields, message });
  const run = following({ log: { debug: line, info: line, warn: line, error: line } });
  const away = new TriplineError('store-unavailable', 'the event store cannot be reached');
  run.drop(away);
  run.advance(50);
  await run.deliver(events.slice(0, 1));
  expect(lines).toEqual([]);
  for (let failure = 0; failure < 4; failure += 1) {
    run.drop(away);
    run.advance(30_000);
  }
  await run.deliver(events.slice(1, 2));
  await run.deliver(events.slice(2, 3));
  expect(lines).toEqual([
    {
      message: 'the log cannot be followed, trying again',
      reason: 'the event store cannot be reached',
      position: positionOf(1),
    },
    { message: 'the log is followed again', position: positionOf(2) },
  ]);
});
