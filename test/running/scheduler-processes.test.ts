import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/domain/events.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { createScheduleWorld } from './schedule-world.ts';

const minute = 60_000;

const count = (log: readonly Recorded[], type: Recorded['type']): number =>
  log.filter((event) => event.type === type).length;

describe('two processes on one log', () => {
  it('fire each tick once, together', async () => {
    const schedules = createScheduleWorld({ exclusive: false });
    const [one, other] = [schedules.process(), schedules.process()];
    await one.up();
    const functionId = await one.world.function();
    for (const interval of [60, 60, 90, 120]) await schedules.trigger({ interval }, functionId);
    await other.up();
    await schedules.run(6 * minute);
    await one.down();
    await other.down();
    const log = await schedules.log();
    const told = await schedules.story();
    expect(told).toHaveLength(6 + 6 + 4 + 3);
    expect(told.filter((line) => !line.startsWith('fired'))).toEqual([]);
    expect(count(log, 'InvocationSucceeded')).toBe(19);
    expect(one.world.calls.length + other.world.calls.length).toBe(19);
    expect(brokenPromises(log, { owners: 'several' })).toEqual([]);
  });

  it('say one thing about each instant when both come back from downtime', async () => {
    const schedules = createScheduleWorld({ exclusive: false });
    const [one, other] = [schedules.process(), schedules.process()];
    await one.up();
    await other.up();
    const functionId = await one.world.function();
    for (const misfire of ['skip', 'one', 'all']) {
      await schedules.trigger(
        { interval: 600, misfire, startAt: '2026-01-01T00:10:00Z' },
        functionId,
      );
    }
    await schedules.run(10 * minute);
    await one.down();
    await other.down();
    schedules.clock.advance(35 * minute);
    await Promise.all([one.again(), other.again()]);
    await schedules.run(10 * minute);
    await one.down();
    await other.down();
    const told = [...(await schedules.story())].sort();
    expect(told).toEqual(
      [
        ...Array(3).fill('fired 00:10'),
        ...Array(3).fill('fired 00:50'),
        'missed 00:20-00:40 x3',
        'missed 00:20-00:30 x2',
        'caught up 00:40',
        'caught up 00:20',
        'caught up 00:30',
        'caught up 00:40',
      ].sort(),
    );
  });

  it('agree though one of them has been stalled', async () => {
    const schedules = createScheduleWorld({ exclusive: false });
    const [one, other] = [schedules.process(), schedules.process()];
    await one.up();
    await schedules.trigger({ interval: 60 }, await one.world.function());
    await other.up();
    await schedules.run(2 * minute);
    await other.down();
    await schedules.run(5 * minute);
    await other.again();
    await schedules.run(2 * minute);
    await one.down();
    await other.down();
    expect(await schedules.story()).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `fired 00:0${n}`),
    );
  });
});

describe('a process that hears nothing of the log', () => {
  const apart = async () => {
    const schedules = createScheduleWorld({ exclusive: false });
    const [one, other] = [schedules.process(), schedules.process()];
    await one.up();
    await schedules.trigger({ interval: 60 }, await one.world.function());
    await other.up();
    await schedules.run(2 * minute);
    other.deafen();
    const end = async () => {
      other.hear();
      await schedules.run(2 * minute);
      await one.down();
      await other.down();
      return schedules.story();
    };
    return { schedules, one, other, end };
  };

  it('takes nothing over when the other is gone, since it cannot tell', async () => {
    const { schedules, one, end } = await apart();
    await schedules.run(3 * minute);
    await one.down();
    await schedules.run(3 * minute);
    await one.again();
    expect(await end()).toEqual([
      ...[1, 2, 3, 4, 5].map((n) => `fired 00:0${n}`),
      'missed 00:06-00:07 x2',
      ...['08', '09', '10'].map((n) => `fired 00:${n}`),
    ]);
  });

  it('passes over exactly what the other has recorded as missed', async () => {
    const { schedules, end } = await apart();
    schedules.clock.jump(5.5 * minute);
    await schedules.run(4 * minute);
    expect(await end()).toEqual([
      'fired 00:01',
      'fired 00:02',
      'missed 00:03-00:07 x5',
      'fired 00:08',
      'fired 00:09',
      'fired 00:10',
      'fired 00:11',
      'fired 00:12',
      'fired 00:13',
    ]);
  });
});

describe('a crash', () => {
  const expected = [
    'fired 00:01',
    'fired 00:02',
    'missed 00:03-00:04 x2',
    'caught up 00:05',
    'fired 00:06',
    'paused 00:07-00:08 x2',
    'fired 00:09',
  ];

  /** The same history whatever happens: the process is down from 00:02:30 on, and paused later. */
  const lived = async (atAppend: number, moment: 'before' | 'after') => {
    const schedules = createScheduleWorld({ crash: { atAppend, moment } });
    const process = schedules.process();
    let died = false;
    let replaced = false;
    void process.crashed.then(() => {
      died = true;
    });
    const rise = async (): Promise<void> => {
      await schedules.settle();
      if (!died || replaced) return;
      replaced = true;
      await process.again();
      await schedules.settle();
    };
    const run = async (minutes: number): Promise<void> => {
      for (let quarters = minutes * 4; quarters > 0; quarters -= 1) {
        await schedules.run(minute / 4);
        await rise();
      }
    };
    await process.up();
    const functionId = await process.world.function();
    const triggerId = await schedules.trigger({ interval: 60, misfire: 'one' }, functionId);
    await run(2.5);
    await process.down();
    schedules.clock.advance(2.75 * minute);
    await process.again();
    await schedules.settle();
    await run(1);
    await schedules.pause(triggerId);
    await run(2.25);
    await schedules.resume(triggerId);
    await run(1);
    await process.down();
    return { died, told: await schedules.story(), log: await schedules.log() };
  };

  it('is no part of the undisturbed history', async () => {
    const { died, told } = await lived(Infinity, 'before');
    expect({ died, told }).toEqual({ died: false, told: expected });
  });

  it.each(['before', 'after'] as const)(
    'just %s any append leaves each instant with one end',
    async (moment) => {
      let atAppend = 2;
      for (let died = true; died; atAppend += 1) {
        const result = await lived(atAppend, moment);
        died = result.died;
        const told = result.told.map((line) => line.replace('caught up', 'fired'));
        expect({ atAppend, told }).toEqual({
          atAppend,
          told: expected.map((line) => line.replace('caught up', 'fired')),
        });
        expect(count(result.log, 'InvocationQueued')).toBe(count(result.log, 'EventArrived'));
        expect(brokenPromises(result.log)).toEqual([]);
      }
      expect(atAppend).toBeGreaterThan(6);
    },
    60_000,
  );
});
