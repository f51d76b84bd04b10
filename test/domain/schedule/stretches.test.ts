import { describe, expect, it } from 'vitest';
import {
  accounted,
  firstStretch,
  replanned,
  type Stretches,
  withStatus,
} from '../../../src/domain/schedule/stretches.ts';
import { instantOfTick, tickIdOf } from '../../../src/domain/schedule/tick-id.ts';

const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const hourly = { interval: 3_600 };

/** Which stretch an instant counts in: its anchor tells. */
const countsIn = (stretches: Stretches, instant: string) => {
  const [stretch] = accounted(stretches, instant);
  expect(stretch?.lastInstant).toBe(instant);
  return stretch?.anchor;
};

describe('an instant that is accounted for', () => {
  const twice = replanned(
    replanned(firstStretch(hourly, at(0)), { interval: 2 }, at(3)),
    hourly,
    at(6),
  );

  it.each([
    [1, 0],
    [3, 0],
    [4, 3],
    [6, 3],
    [7, 6],
    [23, 6],
  ])('at %i belongs to the plan of %i, whose end is its own last instant', (hour, anchor) => {
    expect(countsIn(twice, at(hour))).toBe(at(anchor));
  });

  it('ends all that came before it, and leaves what comes after', () => {
    const rest = accounted(twice, at(4));
    expect(rest.map(({ anchor }) => anchor)).toEqual([at(3), at(6)]);
    expect(rest.map(({ lastInstant }) => lastInstant)).toEqual([at(4), null]);
  });

  it('is nothing new where it, or a later one, was accounted for before', () => {
    const once = accounted(twice, at(8));
    expect(accounted(once, at(8))).toBe(once);
    expect(accounted(once, at(7))).toBe(once);
    expect(accounted(once, at(9))).not.toBe(once);
  });

  it('that is older than every plan counts in the oldest', () => {
    expect(countsIn(firstStretch(hourly, at(5)), at(2))).toBe(at(5));
    expect(countsIn(twice, '2025-12-31T00:00:00.000Z')).toBe(at(0));
  });

  it('counts in the latest plan that holds it where the clock was set back between them', () => {
    const setBack = replanned(firstStretch(hourly, at(0)), { interval: 2 }, at(9));
    const thrice = replanned(setBack, hourly, at(5));
    expect(thrice.map(({ until }) => until)).toEqual([at(9), at(5), null]);
    expect(countsIn(thrice, at(7))).toBe(at(5));
    expect(countsIn(thrice, at(4))).toBe(at(0));
  });
});

describe('a change', () => {
  it('of status keeps plan and anchor, and begins without a last instant', () => {
    const paused = withStatus(accounted(firstStretch(hourly, at(0)), at(1)), 'paused', at(2));
    expect(paused).toEqual([
      { timing: hourly, anchor: at(0), status: 'active', until: at(2), lastInstant: at(1) },
      { timing: hourly, anchor: at(0), status: 'paused', until: null, lastInstant: null },
    ]);
  });
});

it('what has no plan has nothing to change and nothing to account for', () => {
  expect(withStatus([], 'paused', at(1))).toEqual([]);
  expect(accounted([], at(1))).toEqual([]);
});

describe('the id of a tick', () => {
  it('is the same wherever it is planned, and tells its instant', () => {
    expect(tickIdOf('trigger-1', at(1))).toBe('trigger-1@2026-01-01T01:00:00.000Z');
    for (const triggerId of ['trigger-1', 'a@b', '@']) {
      expect(instantOfTick(tickIdOf(triggerId, at(1)))).toBe(at(1));
    }
  });
});
