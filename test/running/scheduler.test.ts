import { afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import {
  createScheduleWorld,
  type ScheduleWorld,
  type ScheduleWorldOptions,
} from './schedule-world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

type Process = ReturnType<ScheduleWorld['process']>;
const running: Process[] = [];

afterEach(async () => {
  for (const { down, world } of running.splice(0)) {
    await down();
    expect(world.fatal).toEqual([]);
  }
});

const booted = async (schedules: ScheduleWorld): Promise<Process> => {
  const process = schedules.process();
  running.push(process);
  await process.up();
  await schedules.settle();
  return process;
};

const fresh = async (options?: ScheduleWorldOptions) => {
  const schedules = createScheduleWorld(options);
  const process = await booted(schedules);
  const functionId = await process.world.function();
  return { ...schedules, process, functionId };
};

describe('a scheduled trigger', () => {
  it('fires first after one interval, and then every interval', async () => {
    const { trigger, functionId, run, story, process } = await fresh();
    const triggerId = await trigger({ interval: 60 }, functionId);
    await run(59 * second);
    expect(await story()).toEqual([]);
    await run(2 * minute + second);
    expect(await story()).toEqual(['fired 00:01', 'fired 00:02', 'fired 00:03']);
    expect(JSON.parse(String(process.world.calls[0]?.body))).toMatchObject({
      executionParams: {
        scheduledAt: '2026-01-01T00:01:00.000Z',
        tickId: `${triggerId}@2026-01-01T00:01:00.000Z`,
        caughtUp: false,
      },
      executionType: 'scheduled',
      triggerId,
    });
    expect(process.world.calls).toHaveLength(3);
  });

  it('may be planned once, at one time', async () => {
    const { trigger, functionId, run, story, process } = await fresh();
    await trigger({ at: '2026-01-01T02:00:00+01:00' }, functionId);
    await run(3 * hour);
    expect(await story()).toEqual(['fired 01:00']);
    expect(process.world.engine.stats()['scheduled']).toBe(0);
  });

  it('keeps to its start and its end', async () => {
    const { trigger, functionId, run, story } = await fresh();
    const bounds = { startAt: '2026-01-01T00:30:00Z', endAt: '2026-01-01T01:00:00Z' };
    await trigger({ interval: 600, ...bounds }, functionId);
    await run(3 * hour);
    expect(await story()).toEqual(['fired 00:30', 'fired 00:40', 'fired 00:50']);
  });

  it('is late by its jitter, under the name of the planned instant', async () => {
    const { trigger, functionId, run, story, log } = await fresh();
    await trigger({ interval: 600, jitterSeconds: 300 }, functionId);
    await run(2 * hour);
    expect(await story()).toHaveLength(11 + Number((await story()).length > 11));
    const late = (await log()).flatMap(({ type, data, metadata }) =>
      type === 'EventArrived'
        ? [Date.parse(metadata.occurredAt) - Date.parse(data.deliveryId?.split('@')[1] ?? '')]
        : [],
    );
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(300 * second);
    expect(new Set(late).size).toBeGreaterThan(5);
  });

  it('sleeps longer than a timer can', async () => {
    const { trigger, functionId, run, clock, story } = await fresh();
    await trigger({ interval: 40 * 86_400 }, functionId);
    await run(minute);
    clock.advance(40 * 24 * hour - 2 * minute);
    await run(minute);
    expect(await story()).toEqual(['fired 00:00']);
  });

  it('is planned no more once deleted', async () => {
    const { trigger, functionId, run, retire, story, process } = await fresh();
    const triggerId = await trigger({ interval: 60 }, functionId);
    await run(minute);
    await retire(triggerId);
    await run(hour);
    expect(await story()).toEqual(['fired 00:01']);
    expect(process.world.engine.stats()['scheduled']).toBe(0);
  });
});

describe('a change', () => {
  it('of the interval counts from now', async () => {
    const { trigger, functionId, run, revise, story } = await fresh();
    const triggerId = await trigger({ interval: 600 }, functionId);
    await run(25 * minute);
    await revise(triggerId, { interval: 120 });
    await run(5 * minute);
    expect(await story()).toEqual(['fired 00:10', 'fired 00:20', 'fired 00:27', 'fired 00:29']);
  });

  it('of anything else leaves the plan as it is', async () => {
    const { trigger, functionId, run, revise, story } = await fresh();
    const triggerId = await trigger({ interval: 600 }, functionId);
    await run(5 * minute);
    await revise(triggerId, { interval: 600, params: { x: 1 } });
    await run(10 * minute);
    expect(await story()).toEqual(['fired 00:10']);
  });

  it('tells what the old plan still held back', async () => {
    const { trigger, functionId, run, revise, story } = await fresh();
    const jitter = { jitterSeconds: 599 };
    const triggerId = await trigger({ interval: 600, ...jitter }, functionId, systemChance.newId());
    await run(10 * minute);
    await revise(triggerId, { interval: 3_600, ...jitter });
    expect(await story()).toEqual(['rescheduled 00:10']);
  });
});

describe('a pause', () => {
  it('ends in one record of all that did not fire, and the plan goes on', async () => {
    const { trigger, functionId, run, pause, resume, story, log } = await fresh();
    const triggerId = await trigger({ interval: 60 }, functionId);
    await run(2 * minute);
    await pause(triggerId);
    await run(hour);
    expect(await story()).toEqual(['fired 00:01', 'fired 00:02']);
    await resume(triggerId);
    await run(minute);
    expect(await story()).toEqual([
      'fired 00:01',
      'fired 00:02',
      'paused 00:03-01:02 x60',
      'fired 01:03',
    ]);
    const missed = (await log()).find(({ type }) => type === 'TicksMissed');
    expect(missed?.metadata.$correlationId).toBe(triggerId);
    expect(missed?.data).toMatchObject({ triggerId, count: 60 });
  });

  it('is told apart from downtime also when the process ends before it is recorded', async () => {
    const { trigger, functionId, run, pause, resume, story, process, clock } = await fresh();
    const triggerId = await trigger({ interval: 600, misfire: 'all' }, functionId);
    await run(10 * minute);
    await pause(triggerId);
    await run(20 * minute);
    await process.down();
    clock.advance(20 * minute);
    await resume(triggerId);
    clock.advance(21 * minute);
    await process.again();
    await run(0);
    expect(await story()).toEqual([
      'fired 00:10',
      'paused 00:20-00:50 x4',
      'caught up 01:00',
      'caught up 01:10',
    ]);
  });
});

describe('after downtime', () => {
  const afterDowntime = async (misfire: string) => {
    const { trigger, functionId, run, story, process, clock } = await fresh();
    await trigger({ interval: 600, misfire }, functionId);
    await run(10 * minute);
    await process.down();
    clock.advance(35 * minute);
    await process.again();
    await run(10 * minute);
    return story();
  };

  it('skip records what was missed and goes on with the next regular tick', async () => {
    expect(await afterDowntime('skip')).toEqual([
      'fired 00:10',
      'missed 00:20-00:40 x3',
      'fired 00:50',
    ]);
  });

  it('one catches up with the latest', async () => {
    expect(await afterDowntime('one')).toEqual([
      'fired 00:10',
      'missed 00:20-00:30 x2',
      'caught up 00:40',
      'fired 00:50',
    ]);
  });

  it('all catches up with each, in order', async () => {
    expect(await afterDowntime('all')).toEqual([
      'fired 00:10',
      'caught up 00:20',
      'caught up 00:30',
      'caught up 00:40',
      'fired 00:50',
    ]);
  });

  it('all catches up with a hundred at most', async () => {
    const { trigger, functionId, run, story, process, clock } = await fresh();
    await trigger({ interval: 60, misfire: 'all' }, functionId);
    await process.down();
    clock.advance(150 * minute);
    await process.again();
    await run(0);
    const told = await story();
    expect(told[0]).toBe('missed 00:01-00:50 x50');
    expect(told.slice(1)).toHaveLength(100);
    expect(told.at(-1)).toBe('fired 02:30');
  });

  it('long missed rows are one record, with each instant only where they are few', async () => {
    const { trigger, functionId, process, clock, log, settle } = await fresh();
    await trigger({ interval: 1 }, functionId);
    await trigger({ interval: 60 }, functionId);
    await process.down();
    clock.advance(hour);
    await process.again();
    await settle();
    const missed = (await log()).flatMap(({ type, data }) =>
      type === 'TicksMissed' ? [data] : [],
    );
    expect(missed.map(({ count, instants }) => [count, instants.length])).toEqual([
      [3_599, 0],
      [59, 59],
    ]);
  });
});

describe('a clock that is set', () => {
  it('back makes nothing fire again', async () => {
    const { trigger, functionId, run, story, clock } = await fresh();
    await trigger({ cron: '*/10 * * * *' }, functionId);
    await run(30 * minute);
    clock.jump(-25 * minute);
    await run(25 * minute);
    expect(await story()).toEqual(['fired 00:10', 'fired 00:20', 'fired 00:30']);
    await run(10 * minute);
    expect(await story()).toHaveLength(4);
  });

  it('forward is downtime, noticed within a minute', async () => {
    const { trigger, functionId, run, story, clock } = await fresh();
    await trigger({ interval: 600 }, functionId);
    await run(15 * minute);
    clock.jump(32 * minute);
    await run(minute);
    expect(await story()).toEqual(['fired 00:10', 'missed 00:20-00:40 x3']);
    await run(2 * minute);
    expect(await story()).toContain('fired 00:50');
  });

  it('far into the future and back is healed by a new plan', async () => {
    const { trigger, functionId, run, revise, story, clock } = await fresh();
    const tenYears = 10 * 365 * 24 * hour;
    const triggerId = await trigger({ cron: '*/10 * * * *' }, functionId);
    clock.jump(tenYears);
    await run(minute);
    clock.jump(-tenYears);
    await run(30 * minute);
    expect(await story((instant) => instant.slice(0, 4))).toEqual([
      'missed 2026-2035 x525599',
      'fired 2035',
    ]);
    await revise(triggerId, { cron: '*/5 * * * *' });
    await run(5 * minute);
    expect((await story()).slice(2)).toEqual(['fired 00:35']);
  });

  it('and a stalled process cause no stampede', async () => {
    const { trigger, functionId, run, story, clock, settle } = await fresh();
    await trigger({ interval: 1 }, functionId);
    await run(2 * second);
    clock.advance(30 * second);
    await settle();
    expect((await story()).slice(2)).toEqual(['missed 00:00:03-00:00:31 x29', 'fired 00:00:32']);
  });
});

describe('a tick that finds the one before it still running', () => {
  const overlapping = async (overlap: string) => {
    const schedules = await fresh();
    schedules.process.world.always(undefined);
    await schedules.trigger({ interval: 60, overlap, timeoutMs: 3_600_000 }, schedules.functionId);
    await schedules.run(3 * minute);
    return schedules;
  };

  it('waits for its turn', async () => {
    const { story, process } = await overlapping('queue');
    expect(await story()).toEqual(['fired 00:01', 'fired 00:02', 'fired 00:03']);
    expect(process.world.calls).toHaveLength(1);
    expect(process.world.engine.stats()['open']).toBe(3);
  });

  it('is skipped, with a record', async () => {
    const { story, process, run, settle } = await overlapping('skip');
    expect(await story()).toEqual(['fired 00:01', 'overlap 00:02', 'overlap 00:03']);
    process.world.calls[0]?.answer({ ok: true, durationMs: 1, answer: answered });
    await settle();
    await run(minute);
    expect((await story()).at(-1)).toBe('fired 00:04');
  });

  it('cancels it', async () => {
    const { story, process, log } = await overlapping('cancel-previous');
    expect(await story()).toEqual(['fired 00:01', 'fired 00:02', 'fired 00:03']);
    const cancelled = (await log()).filter(({ type }) => type === 'InvocationCancelled');
    expect(cancelled.map(({ data }) => 'reason' in data && data.reason)).toEqual([
      'overtaken by the next tick',
      'overtaken by the next tick',
    ]);
    expect(process.world.calls).toHaveLength(3);
    expect(process.world.engine.stats()['open']).toBe(1);
  });

  it('is skipped also where several are caught up with at once', async () => {
    const { trigger, functionId, story, process, clock, settle } = await fresh();
    process.world.always(undefined);
    await trigger({ interval: 60, overlap: 'skip', misfire: 'all', concurrency: 2 }, functionId);
    await process.down();
    clock.advance(4 * minute);
    await process.again();
    await settle();
    expect(await story()).toEqual([
      'caught up 00:01',
      'caught up 00:02',
      'overlap 00:03',
      'overlap 00:04',
    ]);
  });
});

const answered = {
  status: 200,
  contentType: null,
  body: { encoding: 'utf8', content: '' },
  truncated: false,
} as const;
