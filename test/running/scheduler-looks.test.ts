import { afterEach, describe, expect, it } from 'vitest';
import type { TriggerEntry } from '../../projections/registry.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import { isoOf } from '../../src/domain/clock.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { accounted, firstStretch, withStatus } from '../../src/domain/schedule/stretches.ts';
import type { Timing } from '../../src/domain/trigger/timing.ts';
import { createActivity } from '../../src/running/activity.ts';
import { createScheduler } from '../../src/running/scheduler.ts';
import type { TickRecords } from '../../src/running/tick-records.ts';
import { createVirtualClock } from './virtual-clock.ts';

const start = '2026-01-01T00:00:00.000Z';
const minute = 60_000;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const entryOf = (triggerId: string, timing: Timing): ScheduleEntry => ({
  triggerId,
  workspace: 'acme',
  stretches: firstStretch(timing, start),
});

/** A scheduler whose records are in the test's hands. */
const alone = (
  entries: readonly ScheduleEntry[],
  terms: object = {},
  answer: (name: string) => Promise<string | undefined> = async (name) => name,
) => {
  const clock = createVirtualClock(start);
  const schedules = new Map(entries.map((entry) => [entry.triggerId, entry]));
  const told: string[] = [];
  const triggerMetadata = { jitterSeconds: 0, misfire: 'skip', overlap: 'queue', ...terms };
  const say = (what: string, name: string, last = name) => {
    told.push(`${what} ${name.slice(14, 16)}${last === name ? '' : `-${last.slice(14, 16)}`}`);
    return answer(last);
  };
  const records: TickRecords = {
    fire: (_, { instant }) => say('fire', isoOf(instant)),
    skip: (_, { instant }) => say('skip', isoOf(instant)),
    miss: (_, { first, last }) => say('miss', first, last),
  };
  const scheduler = createScheduler({
    schedules,
    registry: { triggerById: () => ({ triggerMetadata }) as unknown as TriggerEntry },
    openOf: () => 0,
    records,
    activity: createActivity(),
    clock,
    log: silentLogger,
    exclusive: true,
  });
  stops.push(scheduler.stop);
  const turns = async (count = 10): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, schedules, scheduler, told, turns };
};

const many = (count: number, timing: (place: number) => Timing) =>
  Array.from({ length: count }, (_, place) => entryOf(`trigger-${place}`, timing(place)));

describe('a hundred thousand scheduled triggers', () => {
  it('take a timer for each clock, and no turn of the event loop looks at all of them', async () => {
    const crons = ['0 3 * * *', '*/5 * * * *', '30 9 * * MON-FRI'];
    const { scheduler, clock, turns, told } = alone(
      many(100_000, (place) =>
        place % 2 === 0
          ? { interval: 60 + (place % 5_000) }
          : { cron: crons[place % 3] ?? '', timezone: 'Europe/Berlin' },
      ),
    );
    scheduler.start();
    await turns(1);
    expect(scheduler.planned).toBeLessThan(1_000);
    await turns(500);
    expect(scheduler.planned).toBe(100_000);
    expect(clock.alarms).toBe(2);
    clock.advance(60_000);
    await turns(50);
    expect(told.length).toBeGreaterThan(5);
    expect(clock.alarms).toBe(2);
  });

  it('due in the same second are recorded a bounded number at a time', async () => {
    let underWay = 0;
    let most = 0;
    const { scheduler, clock, turns, told } = alone(
      many(10_000, () => ({ interval: 60 })),
      {},
      async (name) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return name;
      },
    );
    scheduler.start();
    await turns(100);
    clock.advance(minute);
    await turns(400);
    expect(told).toHaveLength(10_000);
    expect(most).toBe(256);
  });
});

describe('an account with several records', () => {
  const behind = (answer?: (name: string) => Promise<string | undefined>) =>
    alone([entryOf('t', { interval: 60 })], { misfire: 'all' }, answer);

  it('ends where the trigger is stopped meanwhile', async () => {
    const world = behind(async (name) => {
      if (name.includes(':03:')) {
        const entry = world.schedules.get('t') as ScheduleEntry;
        const stretches = withStatus(
          accounted(entry.stretches, name),
          'paused',
          isoOf(world.clock.now()),
        );
        world.schedules.set('t', { ...entry, stretches });
      }
      return name;
    });
    world.clock.advance(10 * minute);
    world.scheduler.start();
    await world.turns(1);
    world.scheduler.stop();
    await world.turns();
    expect(world.told).toEqual(['fire 01', 'fire 02', 'fire 03']);
  });

  it('is taken up anew where another process turns out to have gone further', async () => {
    const world = behind(async (name) =>
      name.includes(':03:') ? name.replace(':03:', ':07:') : name,
    );
    world.clock.advance(10 * minute);
    world.scheduler.start();
    await world.turns();
    expect(world.told).toEqual(['fire 01', 'fire 02', 'fire 03', 'fire 08', 'fire 09', 'fire 10']);
  });

  it('is taken up again later where nothing can be recorded', async () => {
    let isAway = true;
    const world = behind(async (name) => (isAway ? undefined : name));
    world.clock.advance(2 * minute);
    world.scheduler.start();
    await world.turns();
    expect(world.told).toEqual(['fire 01']);
    isAway = false;
    world.clock.advance(minute / 2);
    await world.turns();
    expect(world.told).toEqual(['fire 01', 'fire 01', 'fire 02']);
  });
});

describe('a plan that cannot be made', () => {
  it('does not keep the others from theirs', async () => {
    const broken = { cron: '0 0 * * *', timezone: 'Mars/Olympus' };
    const world = alone([entryOf('broken', broken), entryOf('fine', { interval: 60 })]);
    world.scheduler.start();
    await world.turns();
    world.clock.advance(minute);
    await world.turns();
    expect(world.told).toEqual(['fire 01']);
    expect(world.scheduler.planned).toBe(1);
  });
});
