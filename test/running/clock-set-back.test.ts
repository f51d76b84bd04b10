import { describe, expect, it } from 'vitest';
import { createScheduleWorld } from './schedule-world.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createWorld, failedWith, succeeded } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = '2026-01-01T12:00:00.000Z';

const failingOnce = async () => {
  const clock = createVirtualClock(start);
  const world = createWorld({ clock });
  await world.engine.start();
  const functionId = await world.function({
    retry: { maxAttempts: 3, initialDelayMs: 10_000, maxDelayMs: 10_000 },
  });
  const trigger = await world.trigger(functionId);
  await world.arrive(trigger);
  await world.quiet();
  world.calls[0]?.answer(failedWith(500));
  await world.quiet();
  return { clock, world };
};

describe('a retry that waits while the clock is set back by an hour', () => {
  it('starts when the time that was meant has passed', async () => {
    const { clock, world } = await failingOnce();
    clock.jump(-hour);
    clock.advance(10_000);
    await world.quiet();
    expect(world.calls).toHaveLength(2);
  });

  it('waits no longer than was meant after a restart either', async () => {
    const { clock, world } = await failingOnce();
    await world.engine.stop(0);
    clock.jump(-hour);
    await world.restart();
    clock.advance(10_000);
    await world.quiet();
    expect(world.calls).toHaveLength(2);
  });

  it('does not start early where the clock is set forward meanwhile', async () => {
    const { clock, world } = await failingOnce();
    clock.jump(hour);
    clock.advance(4_000);
    await world.quiet();
    expect(world.calls).toHaveLength(1);
  });
});

describe('an interval', () => {
  const everyMinute = async () => {
    const schedules = createScheduleWorld({ start });
    const process = schedules.process();
    await process.up();
    const functionId = await process.world.function();
    process.world.always(succeeded);
    await schedules.trigger({ interval: 60 }, functionId);
    await schedules.run(2 * minute);
    return { schedules, process, functionId };
  };

  it('goes on by what passes when the clock is set back by an hour, and no instant fires twice', async () => {
    const { schedules } = await everyMinute();
    schedules.clock.jump(-hour);
    await schedules.run(3 * minute);
    expect(await schedules.story()).toEqual([
      'fired 12:01',
      'fired 12:02',
      'fired 12:03',
      'fired 12:04',
      'fired 12:05',
    ]);
  });

  it('goes on so after a restart too', async () => {
    const { schedules, process } = await everyMinute();
    await process.down();
    schedules.clock.jump(-hour);
    await process.again();
    await schedules.run(2 * minute);
    expect((await schedules.story()).slice(2)).toEqual(['fired 12:03', 'fired 12:04']);
  });

  it('is where the clock is again once that has caught up', async () => {
    const { schedules } = await everyMinute();
    schedules.clock.jump(-10 * minute);
    await schedules.run(minute);
    schedules.clock.jump(10 * minute);
    await schedules.run(2 * minute);
    expect((await schedules.story()).slice(2)).toEqual([
      'fired 12:03',
      'fired 12:04',
      'fired 12:05',
    ]);
  });

  it('of a trigger made while the clock is behind begins there', async () => {
    const { schedules, functionId } = await everyMinute();
    schedules.clock.jump(-hour);
    await schedules.trigger({ interval: 30 }, functionId);
    await schedules.run(minute);
    expect((await schedules.story()).slice(2)).toEqual([
      'fired 11:02:30',
      'fired 11:03',
      'fired 12:03',
    ]);
  });

  it('of a trigger that was stopped and goes on while the clock is behind counts from its last tick', async () => {
    const { schedules, functionId } = await everyMinute();
    const other = await schedules.trigger({ interval: 60 }, functionId);
    await schedules.run(minute);
    await schedules.pause(other);
    schedules.clock.jump(-hour);
    await schedules.resume(other);
    await schedules.run(minute);
    expect((await schedules.story()).slice(-2)).toEqual(['fired 12:04', 'fired 12:04']);
  });

  it('with a start waits for it by the clock', async () => {
    const schedules = createScheduleWorld({ start });
    const process = schedules.process();
    await process.up();
    const functionId = await process.world.function();
    process.world.always(succeeded);
    await schedules.trigger({ interval: 60, startAt: '2026-01-01T12:10:00Z' }, functionId);
    schedules.clock.jump(-hour);
    await schedules.run(30 * minute);
    expect(await schedules.story()).toEqual([]);
    await schedules.run(40 * minute);
    expect(await schedules.story()).toEqual(['fired 12:10']);
  });
});
