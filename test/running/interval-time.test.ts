import { expect, it } from 'vitest';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import { accounted, firstStretch, withStatus } from '../../src/domain/schedule/stretches.ts';
import { createIntervalTime } from '../../src/running/interval-time.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

/** A wall clock that can be set, beside time that only passes. */
const settable = (wall: string) => {
  let ahead = Date.parse(wall);
  let elapsed = 0;
  return {
    pass: (ms: number) => {
      elapsed += ms;
    },
    set: (to: string) => {
      ahead = Date.parse(to) - elapsed;
    },
    clock: {
      now: () => ahead + elapsed,
      elapsed: () => elapsed,
      after: () => () => {},
      soon: () => () => {},
    },
  };
};

const entryOf = (stretches: ScheduleEntry['stretches']): ScheduleEntry => ({
  ...{ triggerId: 't', workspace: 'acme', stretches },
});

it('passes where the clock is set back, from the last tick on', () => {
  const { clock, pass, set } = settable(at(10));
  const intervals = createIntervalTime(clock);
  const entry = entryOf(accounted(firstStretch({ interval: 60 } as never, at(0)), at(10)));
  expect(intervals.now(entry, [])).toBe(Date.parse(at(10)));
  set(at(2));
  pass(60_000);
  expect(intervals.now(entry, [])).toBe(Date.parse(at(11)));
});

it('does not wait through a stop once more, where the clock is set back behind it', () => {
  const { clock, pass, set } = settable(at(30));
  const ticked = accounted(firstStretch({ interval: 60 } as never, at(0)), at(10));
  const resumed = withStatus(withStatus(ticked, 'paused', at(11)), 'active', at(30));
  set(at(5));
  const intervals = createIntervalTime(clock);
  expect(intervals.now(entryOf(resumed), [])).toBe(Date.parse(at(30)));
  pass(60_000);
  expect(intervals.now(entryOf(resumed), [])).toBe(Date.parse(at(31)));
});
