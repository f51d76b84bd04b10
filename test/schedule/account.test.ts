import { describe, expect, it } from 'vitest';
import {
  firstStretch,
  replanned,
  type Stretches,
  withStatus,
} from '../../src/domain/schedule/stretches.ts';
import {
  accountFor,
  type Moment,
  type Standing,
  type Ticking,
} from '../../src/schedule/account.ts';
import { comingTicks } from '../../src/schedule/coming.ts';
import { at, iso } from './support.ts';

const noon = at('2026-06-01T12:00:00Z');
const minutesAfter = (minutes: number) => noon + minutes * 60_000;
const inIso = (minutes: number) => iso(minutesAfter(minutes));
const everyTen = firstStretch({ interval: 600 }, inIso(0));

type Asked = Partial<Ticking> & Partial<Omit<Moment, 'now'>> & { readonly now: number };

/** An account in short: minutes after noon. */
const account = (stretches: Stretches, { now, graceMs = 60_000, passed = [], ...rest }: Asked) => {
  const ticking = { triggerId: 'trigger-1', jitterSeconds: 0, misfire: 'skip', ...rest } as const;
  const asked = accountFor({ ...ticking, stretches }, { now: minutesAfter(now), graceMs, passed });
  const minutes = (instant: string | number) =>
    ((typeof instant === 'string' ? at(instant) : instant) - noon) / 60_000;
  return {
    steps: asked.steps.map((step) =>
      step.type === 'fire'
        ? [minutes(step.anchor), 'fire', minutes(step.tick.instant)]
        : [
            ...[minutes(step.anchor), step.type, step.missed.reason],
            ...[minutes(step.missed.first), minutes(step.missed.last), step.missed.count],
            step.missed.instants.map(minutes),
          ],
    ),
    dueAt: asked.dueAt === null ? null : minutes(asked.dueAt),
  };
};

describe('what is to be recorded of a schedule', () => {
  it('is nothing before a tick is due, and then the tick', () => {
    expect(account(everyTen, { now: 9 })).toEqual({ steps: [], dueAt: 10 });
    expect(account(everyTen, { now: 10 })).toEqual({ steps: [[0, 'fire', 10]], dueAt: 20 });
  });

  it('is one record of all that was missed, each told by its instant', () => {
    expect(account(everyTen, { now: 35 })).toEqual({
      steps: [[0, 'miss', 'missed', 10, 30, 3, [10, 20, 30]]],
      dueAt: 40,
    });
    expect(account(everyTen, { now: 35, misfire: 'one' }).steps).toEqual([
      [0, 'miss', 'missed', 10, 20, 2, [10, 20]],
      [0, 'fire', 30],
    ]);
  });

  it('tells a hundred missed ticks one by one, and more only together', () => {
    const everyMinute = firstStretch({ interval: 60 }, inIso(0));
    const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
    expect(account(everyMinute, { now: 101 }).steps).toEqual([
      [0, 'miss', 'missed', 1, 100, 100, upTo(100)],
      [0, 'fire', 101],
    ]);
    expect(account(everyMinute, { now: 102 }).steps).toEqual([
      [0, 'miss', 'missed', 1, 101, 101, []],
      [0, 'fire', 102],
    ]);
  });

  it('is nothing while it is paused: whoever resumes it accounts for that', () => {
    const paused = withStatus(everyTen, 'paused', inIso(15));
    expect(account(paused, { now: 55 })).toEqual({
      steps: [[0, 'miss', 'missed', 10, 10, 1, [10]]],
      dueAt: null,
    });
    const suspended = withStatus(everyTen, 'suspended', inIso(15));
    const resumed = withStatus(suspended, 'active', inIso(45));
    expect(account(resumed, { now: 50 })).toEqual({
      steps: [
        [0, 'miss', 'missed', 10, 10, 1, [10]],
        [0, 'miss', 'suspended', 20, 40, 3, [20, 30, 40]],
        [0, 'fire', 50],
      ],
      dueAt: 60,
    });
  });

  it('goes on from what is on record, be it in the stretch or only known', () => {
    const standing = (anchor: number, instant: number | null): Standing => ({
      anchor: inIso(anchor),
      lastInstant: instant === null ? null : minutesAfter(instant),
    });
    const recorded = everyTen.map((stretch) => ({ ...stretch, lastInstant: inIso(10) }));
    expect(account(recorded, { now: 20 }).steps).toEqual([[0, 'fire', 20]]);
    expect(account(everyTen, { now: 20, passed: [standing(0, 10)] }).steps).toEqual([
      [0, 'fire', 20],
    ]);
    expect(account(recorded, { now: 20, passed: [standing(0, 20)] }).steps).toEqual([]);
    expect(account(recorded, { now: 20, passed: [standing(0, null)] }).steps).toEqual([
      [0, 'fire', 20],
    ]);
  });

  it('of a plan that was replaced ends with it, and the new one counts from the change', () => {
    const changed = replanned(everyTen, { interval: 3_600 }, inIso(25));
    expect(account(changed, { now: 26 })).toEqual({
      steps: [[0, 'miss', 'missed', 10, 20, 2, [10, 20]]],
      dueAt: 85,
    });
  });

  it('goes on from what is known of each plan', () => {
    const changed = replanned(everyTen, { interval: 3_600 }, inIso(25));
    const old = { anchor: inIso(0), lastInstant: minutesAfter(20) };
    const present = { anchor: inIso(25), lastInstant: minutesAfter(85) };
    expect(account(changed, { now: 85, passed: [old] }).steps).toEqual([[25, 'fire', 85]]);
    expect(account(changed, { now: 85, passed: [old, present] }).steps).toEqual([]);
  });

  it('counts for the new plan what the old one recorded without knowing of it', () => {
    const changed = replanned(everyTen, { interval: 1_200 }, inIso(25));
    const old = { anchor: inIso(0), lastInstant: minutesAfter(50) };
    expect(account(changed, { now: 66, passed: [old] }).steps).toEqual([[25, 'fire', 65]]);
  });

  it('tells what jitter held back until the plan was replaced', () => {
    const jitterSeconds = 599;
    const changed = replanned(everyTen, { interval: 3_600 }, inIso(10));
    expect(account(changed, { now: 25, jitterSeconds }).steps).toEqual([
      [0, 'miss', 'rescheduled', 10, 10, 1, [10]],
    ]);
    const paused = replanned(
      withStatus(everyTen, 'paused', inIso(5)),
      { interval: 3_600 },
      inIso(10),
    );
    const ofPause = withStatus(paused, 'active', inIso(10));
    expect(account(ofPause, { now: 25, jitterSeconds }).steps).toEqual([
      [0, 'miss', 'paused', 10, 10, 1, [10]],
    ]);
  });

  it('leaves what jitter holds back over a pause to whoever goes on with the plan', () => {
    const briefly = withStatus(withStatus(everyTen, 'paused', inIso(10)), 'active', inIso(10));
    expect(account(briefly, { now: 11, jitterSeconds: 599 }).steps).toEqual([]);
    expect(account(briefly, { now: 15, jitterSeconds: 599 }).steps).toEqual([[0, 'fire', 10]]);
  });

  it('ends with the plan', () => {
    const once = firstStretch({ at: inIso(10) }, inIso(0));
    expect(account(once, { now: 9 })).toEqual({ steps: [], dueAt: 10 });
    expect(account(once, { now: 10 })).toEqual({ steps: [[0, 'fire', 10]], dueAt: null });
  });

  it('tells beside the ticks what a change of clocks swallowed, as a note', () => {
    const gap = '2026-03-29T01:00:00.000Z';
    const timing = { cron: '*/20 2 * * *', timezone: 'Europe/Berlin' };
    const { steps } = accountFor(
      {
        ...{ triggerId: 'trigger-1', jitterSeconds: 0, misfire: 'skip' },
        stretches: firstStretch(timing, '2026-03-28T12:00:00.000Z'),
      },
      { now: at('2026-03-30T00:00:00Z'), graceMs: 0, passed: [] },
    );
    expect(steps).toMatchObject([
      {
        type: 'note',
        anchor: '2026-03-28T12:00:00.000Z',
        missed: { reason: 'DST-gap', first: gap, last: gap, count: 3, instants: [] },
      },
      { type: 'fire' },
    ]);
  });

  it('tells beside the ticks what a change of clocks left out, as a note', () => {
    const first = at('2026-10-25T02:30:00+02:00');
    const [stretch] = firstStretch({ cron: '30 2 * * *', timezone: 'Europe/Berlin' }, iso(first));
    const following = at('2026-10-26T02:30:00+01:00');
    const { steps } = accountFor(
      {
        ...{ triggerId: 'trigger-1', jitterSeconds: 0, misfire: 'skip' },
        stretches: [{ ...stretch!, lastInstant: iso(first) }],
      },
      { now: following, graceMs: 0, passed: [] },
    );
    const repeated = '2026-10-25T01:30:00.000Z';
    expect(steps).toMatchObject([
      {
        type: 'note',
        anchor: iso(first),
        missed: { reason: 'DST-repeat', first: repeated, last: repeated, count: 1, instants: [] },
      },
      { type: 'fire', tick: { instant: following } },
    ]);
  });

  it('is nothing of what has no plan', () => {
    expect(account([], { now: 100 })).toEqual({ steps: [], dueAt: null });
  });
});

describe('the ticks to come', () => {
  const steady = { jitterSeconds: 0, misfire: 'skip' } as const;
  const coming = (stretches: Stretches, now: number, count = 3, jitterSeconds = 0) =>
    comingTicks(...(['trigger-1', stretches, { ...steady, jitterSeconds }] as const), {
      now: minutesAfter(now),
      count,
    }).map(({ instant }) => (instant - noon) / 60_000);

  it('are those of the present plan that are later than now', () => {
    expect(coming(everyTen, 0)).toEqual([10, 20, 30]);
    expect(coming(everyTen, 10)).toEqual([20, 30, 40]);
    expect(coming(everyTen, 15, 1)).toEqual([20]);
    expect(coming(everyTen, 995, 2)).toEqual([1_000, 1_010]);
    expect(coming(replanned(everyTen, { interval: 3_600 }, inIso(25)), 26)).toEqual([85, 145, 205]);
    expect(coming([], 0)).toEqual([]);
  });

  it('are few where few are left, and none that is on record', () => {
    const once = firstStretch({ at: inIso(10) }, inIso(0));
    expect(coming(once, 0)).toEqual([10]);
    expect(coming(once, 10)).toEqual([]);
    const ahead = withStatus(everyTen, 'active', inIso(5)).map((stretch, place) =>
      place === 0 ? { ...stretch, lastInstant: inIso(20) } : stretch,
    );
    expect(coming(ahead, 5)).toEqual([30, 40, 50]);
    const ofAnother = everyTen.map((stretch) => ({ ...stretch, lastInstant: inIso(40) }));
    expect(coming(replanned(ofAnother, { interval: 600 }, inIso(25)), 26)).toEqual([35, 45, 55]);
  });

  it('include one that its jitter holds back', () => {
    const [tick] = comingTicks(
      'trigger-1',
      everyTen,
      { ...steady, jitterSeconds: 599 },
      {
        now: minutesAfter(0),
        count: 1,
      },
    );
    const dueAfter = ((tick?.dueAt ?? 0) - noon) / 60_000;
    expect(dueAfter).toBeGreaterThan(10);
    expect(coming(everyTen, 10, 2, 599)).toEqual([10, 20]);
    expect(coming(everyTen, dueAfter, 2, 599)).toEqual([20, 30]);
  });
});
