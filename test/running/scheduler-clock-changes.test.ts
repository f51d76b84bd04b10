import { describe, expect, it } from 'vitest';
import { createScheduleWorld } from './schedule-world.ts';
import { tickIn } from './tick-in.ts';

const minute = 60_000;
const local = (timezone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return (instant: string): string => format.format(new Date(instant)).slice(5);
};

/** What the log says after the time between, told on the clocks of the place. */
const told = async (timezone: string, cron: string, start: string, end: string) => {
  const schedules = createScheduleWorld({ start });
  const process = schedules.process();
  await process.up();
  await schedules.trigger({ cron, timezone }, await process.world.function());
  await schedules.run(Date.parse(end) - Date.parse(start));
  await process.down();
  expect(process.world.fatal).toEqual([]);
  const log = await schedules.log();
  const late = log.flatMap(({ type, data, metadata }) =>
    type === 'EventArrived'
      ? [Date.parse(metadata.occurredAt) - Date.parse(tickIn(data).scheduledAt)]
      : [],
  );
  expect(Math.max(0, ...late)).toBeLessThanOrEqual(minute);
  return schedules.story(local(timezone));
};

interface Change {
  readonly zone: string;
  readonly name: string;
  readonly cron: string;
  readonly from: string;
  readonly to: string;
  readonly expected: readonly string[];
}

const changes: readonly Change[] = [
  {
    zone: 'Europe/Berlin',
    name: 'a 02:30 in the gap fires at 03:00',
    cron: '30 2 * * *',
    from: '2026-03-28T12:00:00+01:00',
    to: '2026-03-30T03:00:00+02:00',
    expected: ['fired 03-29 03:00', 'fired 03-30 02:30'],
  },
  {
    zone: 'Europe/Berlin',
    name: 'of two 02:30 the first fires',
    cron: '30 2 * * *',
    from: '2026-10-24T12:00:00+02:00',
    to: '2026-10-26T03:00:00+01:00',
    expected: ['fired 10-25 02:30', 'DST-repeat 10-25 02:30', 'fired 10-26 02:30'],
  },
  {
    zone: 'Europe/Berlin',
    name: 'every hour runs through both',
    cron: '0 * * * *',
    from: '2026-10-25T01:30:00+02:00',
    to: '2026-10-25T03:10:00+01:00',
    expected: ['fired 10-25 02:00', 'fired 10-25 02:00', 'fired 10-25 03:00'],
  },
  {
    zone: 'Europe/Berlin',
    name: 'what only the lost hour has is told as lost',
    cron: '*/20 2 * * *',
    from: '2026-03-29T00:00:00+01:00',
    to: '2026-03-30T02:10:00+02:00',
    expected: ['DST-gap 03-29 03:00-03-29 03:00 x3', 'fired 03-30 02:00'],
  },
  {
    zone: 'America/New_York',
    name: '02:15 moves out of the gap',
    cron: '15 2 * * *',
    from: '2026-03-08T00:00:00-05:00',
    to: '2026-03-09T02:30:00-04:00',
    expected: ['fired 03-08 03:00', 'fired 03-09 02:15'],
  },
  {
    zone: 'America/New_York',
    name: 'of two 01:15 the first fires',
    cron: '15 1 * * *',
    from: '2026-11-01T00:00:00-04:00',
    to: '2026-11-02T01:30:00-05:00',
    expected: ['fired 11-01 01:15', 'DST-repeat 11-01 01:15', 'fired 11-02 01:15'],
  },
  {
    zone: 'America/Sao_Paulo',
    name: 'a midnight that is skipped fires at one',
    cron: '0 0 * * *',
    from: '2018-11-03T12:00:00-03:00',
    to: '2018-11-05T00:30:00-02:00',
    expected: ['fired 11-04 01:00', 'fired 11-05 00:00'],
  },
  {
    zone: 'America/Sao_Paulo',
    name: 'of two 23:30 the first fires',
    cron: '30 23 * * *',
    from: '2018-02-17T12:00:00-02:00',
    to: '2018-02-18T23:45:00-03:00',
    expected: ['fired 02-17 23:30', 'DST-repeat 02-17 23:30', 'fired 02-18 23:30'],
  },
  {
    zone: 'Australia/Lord_Howe',
    name: 'a change of half an hour moves 02:15 to 02:30',
    cron: '15 2 * * *',
    from: '2026-10-03T12:00:00+10:30',
    to: '2026-10-05T02:30:00+11:00',
    expected: ['fired 10-04 02:30', 'fired 10-05 02:15'],
  },
  {
    zone: 'Australia/Lord_Howe',
    name: 'of two 01:45 the first fires',
    cron: '45 1 * * *',
    from: '2026-04-05T00:00:00+11:00',
    to: '2026-04-06T02:00:00+10:30',
    expected: ['fired 04-05 01:45', 'DST-repeat 04-05 01:45', 'fired 04-06 01:45'],
  },
  {
    zone: 'Africa/Cairo',
    name: 'a midnight that is skipped fires at one',
    cron: '0 0 * * *',
    from: '2026-04-23T12:00:00+02:00',
    to: '2026-04-25T00:30:00+03:00',
    expected: ['fired 04-24 01:00', 'fired 04-25 00:00'],
  },
  {
    zone: 'Africa/Cairo',
    name: 'of two 23:30 the first fires',
    cron: '30 23 * * *',
    from: '2026-10-29T12:00:00+03:00',
    to: '2026-10-30T23:45:00+02:00',
    expected: ['fired 10-29 23:30', 'DST-repeat 10-29 23:30', 'fired 10-30 23:30'],
  },
  {
    zone: 'Pacific/Apia',
    name: 'a day that is skipped has no noon',
    cron: '0 12 * * *',
    from: '2011-12-29T00:00:00-10:00',
    to: '2011-12-31T13:00:00+14:00',
    expected: ['fired 12-29 12:00', 'DST-gap 12-31 00:00', 'fired 12-31 12:00'],
  },
];

describe('a schedule over a change of clocks', () => {
  it.each(changes)('in $zone: $name', async ({ zone, cron, from, to, expected }) => {
    expect(await told(zone, cron, from, to)).toEqual(expected);
  });

  it.each(changes)('in $zone, with the process down: $name', async ({ zone, cron, from, to }) => {
    const schedules = createScheduleWorld({ start: from });
    const process = schedules.process();
    await process.up();
    const functionId = await process.world.function();
    await schedules.trigger({ cron, timezone: zone, misfire: 'all' }, functionId);
    await process.down();
    schedules.clock.advance(Date.parse(to) - Date.parse(from));
    await process.again();
    await schedules.settle();
    await process.down();
    const told = (await schedules.story(local(zone))).map((line) =>
      line.replace('caught up', 'fired'),
    );
    const expected = changes.find(
      (change) => change.cron === cron && change.from === from,
    )?.expected;
    expect([...told].sort()).toEqual([...(expected ?? [])].sort());
  });
});
