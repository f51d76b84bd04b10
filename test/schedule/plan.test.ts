import { describe, expect, it } from 'vitest';
import { plan, type Situation } from '../../src/schedule/plan.ts';
import { countTicks, lastTick, preview, type Schedule } from '../../src/schedule/schedule.ts';
import { at, iso, schedule } from './support.ts';

const noon = at('2026-06-01T12:00:00Z');
const minute = 60_000;
const hour = 3_600_000;

/** A plan in short: minutes after noon. */
const told = (asked: Schedule, situation: Situation) => {
  const { fire, missed, upTo, next } = plan(asked, situation);
  const minutes = (instant: number): number => (instant - noon) / minute;
  return {
    fire: fire.map(({ instant, caughtUp }) => [
      minutes(instant),
      caughtUp ? 'caught up' : 'on time',
    ]),
    missed: missed.map(({ reason, first, count }) => [minutes(first), reason, count]),
    upTo: upTo === null ? null : minutes(upTo),
    next: next === null ? null : minutes(next.instant),
  };
};

describe('an interval', () => {
  const everyTenMinutes = schedule({ interval: 600 }, noon);

  it('ticks first one interval after it was made, however crooked that moment is', () => {
    const crooked = schedule({ interval: 600 }, noon + 1_234);
    expect(preview(crooked, 0, 2).map(({ id }) => id)).toEqual([
      'trigger-1@2026-06-01T12:10:01.234Z',
      'trigger-1@2026-06-01T12:20:01.234Z',
    ]);
  });

  it('ticks at its start and from there on where it has one', () => {
    const config = {
      interval: 600,
      startAt: iso(noon + 5 * minute),
      endAt: iso(noon + 25 * minute),
    };
    const ticks = (anchor: number) =>
      preview(schedule(config, anchor), 0, 9).map(({ instant }) => instant - noon);
    expect(ticks(noon)).toEqual([5 * minute, 15 * minute]);
    expect(countTicks(schedule(config, noon), noon, noon + hour)).toBe(2);
    expect(ticks(noon + 6 * minute)).toEqual([15 * minute]);
  });

  it('has its last tick where it is, to the millisecond', () => {
    const lastUpTo = (minutes: number) => lastTick(everyTenMinutes, noon, noon + minutes * minute);
    for (const ticks of [1, 2, 3, 1_000]) {
      expect(lastUpTo(10 * ticks)).toBe(noon + 10 * ticks * minute);
      expect(lastUpTo(10 * ticks + 9)).toBe(noon + 10 * ticks * minute);
    }
    expect(lastUpTo(9)).toBeNull();
  });

  it('has nothing to do before its tick is due', () =>
    expect(told(everyTenMinutes, { lastInstant: null, now: noon + 10 * minute - 1 })).toEqual({
      fire: [],
      missed: [],
      upTo: null,
      next: 10,
    }));

  it('fires when its tick is due, and a little late', () => {
    for (const late of [0, 5, minute]) {
      expect(told(everyTenMinutes, { lastInstant: null, now: noon + 10 * minute + late })).toEqual({
        fire: [[10, 'on time']],
        missed: [],
        upTo: 10,
        next: 20,
      });
    }
  });

  it('does not fire again when the clock is set back', () =>
    expect(
      told(everyTenMinutes, { lastInstant: noon + 30 * minute, now: noon + 10 * minute }),
    ).toEqual({ fire: [], missed: [], upTo: 30, next: 40 }));

  it('lasts longer than a timer can', () => {
    const yearly = schedule({ interval: 365 * 86_400 }, noon);
    expect(plan(yearly, { lastInstant: null, now: noon }).next?.instant).toBe(
      noon + 365 * 24 * hour,
    );
  });
});

describe('after downtime', () => {
  const down = { lastInstant: noon, now: noon + 35 * minute };
  const withMisfire = (misfire: string) => schedule({ interval: 600, misfire }, noon);

  it('skip records what was missed and goes on with the next regular tick', () =>
    expect(told(withMisfire('skip'), down)).toEqual({
      fire: [],
      missed: [
        [10, 'missed', 1],
        [20, 'missed', 1],
        [30, 'missed', 1],
      ],
      upTo: 30,
      next: 40,
    }));

  it('one catches up with the latest', () =>
    expect(told(withMisfire('one'), down)).toEqual({
      fire: [[30, 'caught up']],
      missed: [
        [10, 'missed', 1],
        [20, 'missed', 1],
      ],
      upTo: 30,
      next: 40,
    }));

  it('all catches up with each, in order', () =>
    expect(told(withMisfire('all'), down)).toEqual({
      fire: [
        [10, 'caught up'],
        [20, 'caught up'],
        [30, 'caught up'],
      ],
      missed: [],
      upTo: 30,
      next: 40,
    }));

  it('all catches up with 100 at most', () => {
    const { fire, missed } = plan(schedule({ interval: 60, misfire: 'all' }, noon), {
      lastInstant: noon,
      now: noon + 150 * minute,
      graceMs: 0,
    });
    expect(fire).toHaveLength(100);
    expect(fire[0]?.instant).toBe(noon + 51 * minute);
    expect(missed).toHaveLength(50);
    expect(fire.at(-1)).toMatchObject({ instant: noon + 150 * minute, caughtUp: false });
  });

  it('skip fires a tick that is hardly late, but not without grace', () => {
    const now = noon + 30 * minute + 1_000;
    const skip = withMisfire('skip');
    expect(told(skip, { lastInstant: noon, now }).fire).toEqual([[30, 'on time']]);
    expect(told(skip, { lastInstant: noon, now, graceMs: 0 }).fire).toEqual([]);
  });

  it('tells more than a thousand missed ticks as one', () => {
    const secondly = schedule({ interval: 1 }, noon);
    const { missed, upTo } = plan(secondly, { lastInstant: noon, now: noon + hour, graceMs: -1 });
    expect(missed).toEqual([
      { reason: 'missed', first: noon + 1_000, last: noon + hour, count: 3_600 },
    ]);
    expect(upTo).toBe(noon + hour);
  });

  it('is quick even where a tick of each second was missed for ten years', () => {
    const secondly = schedule(
      { cron: '* * * * * *', timezone: 'Europe/Berlin', misfire: 'all' },
      noon,
    );
    const { fire, missed } = plan(secondly, { lastInstant: noon, now: at('2036-06-01T12:00:00Z') });
    const seconds = (at('2036-06-01T12:00:00Z') - noon) / 1_000;
    expect(fire).toHaveLength(100);
    expect(missed).toMatchObject([{ count: seconds - 100 }]);
  });

  it('names what was due during a pause by that reason, and keeps the plan', () =>
    expect(told(withMisfire('all'), { ...down, paused: true })).toEqual({
      fire: [],
      missed: [
        [10, 'paused', 1],
        [20, 'paused', 1],
        [30, 'paused', 1],
      ],
      upTo: 30,
      next: 40,
    }));
});

describe('a one-time schedule', () => {
  const once = schedule({ at: iso(noon), misfire: 'one' }, noon - hour);

  it('fires once and is done', () => {
    expect(told(once, { lastInstant: null, now: noon - 1 }).next).toBe(0);
    expect(told(once, { lastInstant: null, now: noon })).toEqual({
      fire: [[0, 'on time']],
      missed: [],
      upTo: 0,
      next: null,
    });
    expect(told(once, { lastInstant: noon, now: noon + hour })).toEqual({
      fire: [],
      missed: [],
      upTo: 0,
      next: null,
    });
  });

  it('is caught up with, or missed, by its policy', () => {
    const late = { lastInstant: null, now: noon + hour };
    expect(told(once, late).fire).toEqual([[0, 'caught up']]);
    const strict = schedule({ at: iso(noon) }, noon - hour);
    expect(told(strict, late).missed).toEqual([[0, 'missed', 1]]);
  });
});

describe('jitter', () => {
  const shaken = (triggerId: string) =>
    schedule({ interval: 600, jitterSeconds: 300 }, noon, triggerId);

  it('spreads triggers that tick together', () => {
    const delays = Array.from({ length: 200 }, (_, index) => {
      const [tick] = preview(shaken(`trigger-${index}`), noon, 1);
      return (tick?.dueAt ?? 0) - (tick?.instant ?? 0);
    });
    expect(Math.max(...delays)).toBeLessThan(300_000);
    expect(Math.max(...delays)).toBeGreaterThan(270_000);
    expect(Math.min(...delays)).toBeLessThan(30_000);
  });

  it('holds a tick back without renaming it', () => {
    const [tick] = preview(shaken('trigger-1'), noon, 1);
    const dueAt = tick?.dueAt ?? 0;
    expect(told(shaken('trigger-1'), { lastInstant: null, now: dueAt - 1 })).toMatchObject({
      fire: [],
      next: 10,
    });
    expect(told(shaken('trigger-1'), { lastInstant: null, now: dueAt })).toMatchObject({
      fire: [[10, 'on time']],
      upTo: 10,
    });
  });
});

describe('a change of clocks in a plan', () => {
  const nightly = schedule({ cron: '30 2 * * *', timezone: 'Europe/Berlin' });

  it('tells the second occurrence that was left out, once, with the tick after it', () => {
    const first = at('2026-10-25T02:30:00+02:00');
    const repeated = at('2026-10-25T02:30:00+01:00');
    const following = at('2026-10-26T02:30:00+01:00');
    expect(plan(nightly, { lastInstant: null, now: first - 24 * hour }).next?.instant).toBe(first);
    expect(plan(nightly, { lastInstant: first, now: repeated })).toMatchObject({
      fire: [],
      missed: [],
    });
    expect(plan(nightly, { lastInstant: first, now: following })).toMatchObject({
      fire: [{ instant: following, shifted: null }],
      missed: [{ reason: 'DST-repeat', first: repeated, last: repeated, count: 1 }],
    });
    expect(plan(nightly, { lastInstant: following, now: following + hour }).missed).toEqual([]);
  });

  it('says that a tick stands in for a time that was skipped', () => {
    const moved = at('2026-03-29T03:00:00+02:00');
    expect(plan(nightly, { lastInstant: moved - hour, now: moved }).fire).toMatchObject([
      { id: 'trigger-1@2026-03-29T01:00:00.000Z', shifted: 'DST-gap', caughtUp: false },
    ]);
  });
});
