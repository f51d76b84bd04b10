import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, plan } from '../../src/schedule/plan.ts';
import {
  countTicks,
  lastTick,
  nextTick,
  preview,
  type Schedule,
  tickOf,
  ticksBetween,
} from '../../src/schedule/schedule.ts';
import { at, iso, schedule } from './support.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Kathmandu',
];

const listOf = (smallest: number, largest: number) => {
  const value = fc.integer({ min: smallest, max: largest });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: largest }).map((size) => `*/${size}`);
  return fc.oneof(
    { weight: 4, arbitrary: value.map(String) },
    { weight: 2, arbitrary: fc.constant('*') },
    range,
    step,
    fc.array(value, { minLength: 2, maxLength: 4 }).map((values) => values.join(',')),
  );
};

const dates = fc.oneof(
  { weight: 6, arbitrary: fc.constant('*') },
  listOf(1, 31),
  fc.constantFrom('L', 'LW', '1W', '15W', '31W', '1,L', '10W,20'),
);
const weekdays = fc.oneof(
  { weight: 6, arbitrary: fc.constant('*') },
  listOf(0, 7),
  fc.constantFrom('MON-FRI', '+FRI', 'SUN#1', 'FRIL', 'TUE#5', '+MON#2'),
);
/** Mostly early hours: that is where the clocks are changed. */
const hours = fc.oneof(listOf(0, 3), listOf(0, 23));

const expression = fc
  .record({
    seconds: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, listOf(0, 59)),
    fields: fc.tuple(
      listOf(0, 59),
      hours,
      dates,
      fc.oneof({ weight: 6, arbitrary: fc.constant('*') }, listOf(1, 12)),
      weekdays,
    ),
  })
  .map(({ seconds, fields }) => [...(seconds === undefined ? [] : [seconds]), ...fields].join(' '))
  .filter((cron) => new Cron(cron, { mode: '5-or-6-parts' }).nextRun(new Date(0)) !== null);

/** For croner only `*` means all; by us any way of writing all of them does. */
const starred = (cron: string): string => {
  const fields = cron.split(' ');
  const hour = fields.length - 4;
  return fields
    .map((field, place) => {
      const all = place === hour ? '0-23' : '0-59';
      return place <= hour && field === all ? '*' : field;
    })
    .join(' ');
};

const changes = [
  '2011-12-30T10:00:00Z',
  '2018-02-18T02:00:00Z',
  '2018-11-04T03:00:00Z',
  '2026-02-15T02:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-04-23T22:00:00Z',
  '2026-10-03T15:30:00Z',
  '2026-10-25T01:00:00Z',
  '2026-10-29T21:00:00Z',
  '2026-11-01T06:00:00Z',
].map(at);

const day = 86_400_000;

/** Any moment, most of them near a change of clocks. */
const moment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * day, max: 2 * day }))
      .map(([change, away]) => change + away),
  },
  fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
);

const cronSchedule = fc
  .record({ cron: expression, timezone: fc.constantFrom(...zones) })
  .map((config) => ({ config, schedule: schedule(config) }));
const anySchedule: fc.Arbitrary<{ config: object; schedule: Schedule }> = fc.oneof(
  { weight: 3, arbitrary: cronSchedule },
  fc
    .record({
      interval: fc.integer({ min: 1, max: 10_000 }),
      jitterSeconds: fc.constantFrom(0, 30),
    })
    .chain((config) =>
      moment.map((anchor) => ({ config, schedule: schedule(config, anchor - 10 * day) })),
    ),
  moment.map((instant) => ({
    config: { at: iso(instant) },
    schedule: schedule({ at: iso(instant) }),
  })),
);
const runs = { numRuns: 300 };

describe('the ticks of any schedule', () => {
  it('are those croner finds, in zones where no gap spans midnight', () =>
    fc.assert(
      fc.property(cronSchedule, moment, ({ config, schedule: ours }, from) => {
        const theirs = new Cron(starred(config.cron), {
          timezone: config.timezone,
          mode: '5-or-6-parts',
          fixedTimeRule: 'no-wildcard',
        }).nextRuns(25, new Date(from));
        expect(ticksBetween(ours, from, Infinity, 25).map(iso)).toEqual(
          theirs.map((date) => date.toISOString()),
        );
      }),
      runs,
    ));

  it('grow strictly, and each is what follows the one before', () =>
    fc.assert(
      fc.property(anySchedule, moment, ({ schedule: any }, from) => {
        let before = from;
        for (const tick of ticksBetween(any, from, Infinity, 30)) {
          expect(tick).toBeGreaterThan(before);
          expect(nextTick(any, tick - 1)).toBe(tick);
          before = tick;
        }
      }),
      runs,
    ));

  it('are the same, however the time is cut into pieces', () =>
    fc.assert(
      fc.property(
        anySchedule,
        moment,
        fc.array(fc.integer({ min: 0, max: 3 * day }), { maxLength: 6 }),
        ({ schedule: any }, from, cuts) => {
          const marks = [0, ...cuts.sort((a, b) => a - b), 3 * day].map((away) => from + away);
          const pieces = marks.flatMap((mark, index) =>
            ticksBetween(any, marks[index - 1] ?? mark, mark, 1_000),
          );
          const whole = ticksBetween(any, from, from + 3 * day, 1_000);
          expect(pieces.slice(0, 1_000)).toEqual(whole);
        },
      ),
      { numRuns: 150 },
    ));

  it('are as many as counted, and the last is the last', () =>
    fc.assert(
      fc.property(
        anySchedule,
        moment,
        fc.integer({ min: 0, max: day }),
        ({ schedule: any }, from, span) => {
          const ticks = ticksBetween(any, from, from + span, 100_000);
          expect(countTicks(any, from, from + span)).toBe(ticks.length);
          expect(lastTick(any, from, from + span)).toBe(ticks.at(-1) ?? null);
        },
      ),
      { numRuns: 150 },
    ));

  it('are counted over decades as they are walked', () =>
    fc.assert(
      fc.property(cronSchedule, moment, ({ schedule: any }, from) => {
        const ticks = ticksBetween(any, from, Infinity, 500);
        expect(countTicks(any, from, ticks.at(-1) ?? from)).toBe(ticks.length);
      }),
      { numRuns: 100 },
    ));

  it('are what the preview shows', () =>
    fc.assert(
      fc.property(anySchedule, moment, ({ schedule: any }, from) => {
        const shown = preview(any, from, 10);
        expect(shown.map(({ instant }) => instant)).toEqual(ticksBetween(any, from, Infinity, 10));
        expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
      }),
      { numRuns: 100 },
    ));

  it('come due in their order, within their jitter, and always alike', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 500 }),
        moment,
        (interval, jitterSeconds, from) => {
          const shaken = schedule({ interval, jitterSeconds }, from);
          const ticks = preview(shaken, from, 20);
          ticks.forEach((tick, index) => {
            expect(tick.dueAt).toBeGreaterThanOrEqual(tick.instant);
            expect(tick.dueAt - tick.instant).toBeLessThanOrEqual(jitterSeconds * 1_000);
            expect(tick.dueAt).toBeLessThanOrEqual(ticks[index + 1]?.instant ?? Infinity);
            expect(tickOf(shaken, tick.instant)).toEqual(tick);
          });
        },
      ),
      { numRuns: 100 },
    ));
});

describe('a sequence of plans under any clock', () => {
  const situation = fc.record({
    away: fc.integer({ min: -day, max: day }),
    paused: fc.boolean(),
    graceMs: fc.constantFrom(0, 60_000),
  });
  const situations = fc.array(situation, { minLength: 1, maxLength: 12 });
  const misfire = fc.constantFrom('skip' as const, 'one' as const, 'all' as const);

  /** The instants a plan puts an end to, and how many they are where it does not list them all. */
  const endedBy = ({ fire, missed }: Plan) => {
    const planned = missed.filter(({ reason }) => !reason.startsWith('DST'));
    return {
      instants: [
        ...planned.flatMap(({ first, last }) => (first === last ? [first] : [first, last])),
        ...fire.map(({ instant }) => instant),
      ],
      count: fire.length + planned.reduce((sum, { count }) => sum + count, 0),
    };
  };

  it('ends each due tick once, fired or missed, and none twice when the clock is set back', () =>
    fc.assert(
      fc.property(
        anySchedule,
        misfire,
        moment,
        situations,
        ({ schedule: base }, policy, from, steps) => {
          const any: Schedule = { ...base, misfire: policy };
          let lastInstant = from;
          const plans = steps.map(({ away, ...rest }) => {
            const made = plan(any, { lastInstant, now: from + away, ...rest, mostListed: 50 });
            expect(made.fire.length).toBeLessThanOrEqual(rest.paused ? 0 : 100);
            expect(made.next?.instant ?? Infinity).toBeGreaterThan(made.upTo ?? -Infinity);
            lastInstant = made.upTo ?? from;
            return endedBy(made);
          });
          const ended = plans.flatMap(({ instants }) => instants);
          expect(ended).toEqual([...new Set(ended)].sort((a, b) => a - b));
          const count = plans.reduce((sum, each) => sum + each.count, 0);
          expect(count).toBe(countTicks(any, from, lastInstant));
        },
      ),
      { numRuns: 200 },
    ));
});
