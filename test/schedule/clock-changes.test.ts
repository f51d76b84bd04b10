import { describe, expect, it } from 'vitest';
import { rhythmOf } from '../../src/schedule/planned.ts';
import { preview, ticksBetween } from '../../src/schedule/schedule.ts';
import { at, iso, schedule } from './support.ts';

const inZone =
  (timezone: string) =>
  (cron: string, from: string, ...expected: string[]) => {
    const ticks = preview(schedule({ cron, timezone }), at(from), expected.length);
    expect(ticks.map(({ instant }) => iso(instant))).toEqual(expected.map((text) => iso(at(text))));
  };

describe('Berlin, 29 March 2026 02:00 becomes 03:00, 25 October 03:00 becomes 02:00', () => {
  const ticks = inZone('Europe/Berlin');

  it('runs a daily 02:30 at 03:00 on the day without a 02:30', () =>
    ticks(
      '30 2 * * *',
      '2026-03-28T00:00:00+01:00',
      '2026-03-28T02:30:00+01:00',
      '2026-03-29T03:00:00+02:00',
      '2026-03-30T02:30:00+02:00',
    ));

  it('runs a daily 02:30 at the first of two 02:30', () =>
    ticks(
      '30 2 * * *',
      '2026-10-24T12:00:00+02:00',
      '2026-10-25T02:30:00+02:00',
      '2026-10-26T02:30:00+01:00',
    ));

  it('runs every hour through the gap', () =>
    ticks(
      '0 * * * *',
      '2026-03-29T00:30:00+01:00',
      '2026-03-29T01:00:00+01:00',
      '2026-03-29T03:00:00+02:00',
      '2026-03-29T04:00:00+02:00',
    ));

  it('runs every hour through the overlap', () =>
    ticks(
      '0 * * * *',
      '2026-10-25T01:30:00+02:00',
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T03:00:00+01:00',
    ));

  it('runs every 20 minutes of the second hour twice in the overlap, and not in the gap', () => {
    ticks(
      '*/20 2 * * *',
      '2026-10-25T00:00:00+02:00',
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:20:00+02:00',
      '2026-10-25T02:40:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T02:20:00+01:00',
      '2026-10-25T02:40:00+01:00',
      '2026-10-26T02:00:00+01:00',
    );
    ticks('*/20 2 * * *', '2026-03-29T00:00:00+01:00', '2026-03-30T02:00:00+02:00');
  });

  it('takes all hours, or all minutes, for a rhythm in whatever way they are written', () => {
    for (const hours of ['*', '0-23', '0-11,12-23']) {
      ticks(
        `0 ${hours} * * *`,
        '2026-10-25T01:30:00+02:00',
        '2026-10-25T02:00:00+02:00',
        '2026-10-25T02:00:00+01:00',
        '2026-10-25T03:00:00+01:00',
      );
    }
    for (const minutes of ['*', '0-59']) {
      ticks(
        `${minutes} 2 * * *`,
        '2026-10-25T02:58:30+02:00',
        '2026-10-25T02:59:00+02:00',
        '2026-10-25T02:00:00+01:00',
        '2026-10-25T02:01:00+01:00',
      );
      ticks(`${minutes} 2 * * *`, '2026-03-29T00:00:00+01:00', '2026-03-30T02:00:00+02:00');
    }
  });

  it('takes a list of times for times of day, too', () => {
    ticks(
      '15,45 2 * * *',
      '2026-03-29T00:00:00+01:00',
      '2026-03-29T03:00:00+02:00',
      '2026-03-30T02:15:00+02:00',
    );
    ticks(
      '0 0-3 * * *',
      '2026-10-25T01:30:00+02:00',
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T03:00:00+01:00',
    );
  });

  it('runs a list of times in the gap once, together with the time after it', () =>
    ticks(
      '0,30 2,3 * * *',
      '2026-03-29T00:00:00+01:00',
      '2026-03-29T03:00:00+02:00',
      '2026-03-29T03:30:00+02:00',
      '2026-03-30T02:00:00+02:00',
    ));
});

describe('New York, 8 March 2026 02:00 becomes 03:00, 1 November 02:00 becomes 01:00', () => {
  const ticks = inZone('America/New_York');

  it('moves 02:15 out of the gap and runs 01:15 once in the overlap', () => {
    ticks(
      '15 2 * * *',
      '2026-03-08T00:00:00-05:00',
      '2026-03-08T03:00:00-04:00',
      '2026-03-09T02:15:00-04:00',
    );
    ticks(
      '15 1 * * *',
      '2026-11-01T00:00:00-04:00',
      '2026-11-01T01:15:00-04:00',
      '2026-11-02T01:15:00-05:00',
    );
  });

  it('keeps office hours at nine through the year', () =>
    ticks(
      '0 9 * * MON-FRI',
      '2026-03-06T00:00:00-05:00',
      '2026-03-06T09:00:00-05:00',
      '2026-03-09T09:00:00-04:00',
    ));
});

describe('São Paulo, 4 November 2018 00:00 becomes 01:00, 18 February 2018 00:00 becomes 23:00', () => {
  const ticks = inZone('America/Sao_Paulo');

  it('runs midnight at 01:00 on the day that has none', () =>
    ticks(
      '0 0 * * *',
      '2018-11-03T12:00:00-03:00',
      '2018-11-04T01:00:00-02:00',
      '2018-11-05T00:00:00-02:00',
    ));

  it('runs 23:30 once on the day that has two', () =>
    ticks(
      '30 23 * * *',
      '2018-02-17T12:00:00-02:00',
      '2018-02-17T23:30:00-02:00',
      '2018-02-18T23:30:00-03:00',
    ));

  it('runs nothing a second time in the days after the change', () =>
    ticks(
      '30 0 * * *',
      '2013-10-19T12:00:00-03:00',
      '2013-10-20T01:00:00-02:00',
      '2013-10-21T00:30:00-02:00',
      '2013-10-22T00:30:00-02:00',
    ));

  it('knows that clocks are no longer changed since 2019', () =>
    ticks(
      '0 0 * * *',
      '2026-11-01T12:00:00-03:00',
      '2026-11-02T00:00:00-03:00',
      '2026-11-03T00:00:00-03:00',
    ));
});

describe('Lord Howe, by half an hour: 4 October 2026 02:00 becomes 02:30, 5 April 02:00 becomes 01:30', () => {
  const ticks = inZone('Australia/Lord_Howe');

  it('moves 02:15 by a quarter of an hour', () =>
    ticks(
      '15 2 * * *',
      '2026-10-03T12:00:00+10:30',
      '2026-10-04T02:30:00+11:00',
      '2026-10-05T02:15:00+11:00',
    ));

  it('runs 01:45 once and every quarter of an hour through', () => {
    ticks(
      '45 1 * * *',
      '2026-04-05T00:00:00+11:00',
      '2026-04-05T01:45:00+11:00',
      '2026-04-06T01:45:00+10:30',
    );
    ticks(
      '*/15 * * * *',
      '2026-04-05T01:30:00+11:00',
      '2026-04-05T01:45:00+11:00',
      '2026-04-05T01:30:00+10:30',
      '2026-04-05T01:45:00+10:30',
      '2026-04-05T02:00:00+10:30',
    );
  });
});

describe('Cairo, 24 April 2026 00:00 becomes 01:00, 30 October 00:00 becomes 29 October 23:00', () => {
  const ticks = inZone('Africa/Cairo');

  it('runs midnight and half past at 01:00 on the day that has neither', () => {
    for (const cron of ['0 0 * * *', '30 0 * * *']) {
      ticks(cron, '2026-04-23T12:00:00+02:00', '2026-04-24T01:00:00+03:00');
    }
  });

  it('runs 23:30 once on the day that has two', () =>
    ticks(
      '30 23 * * *',
      '2026-10-29T12:00:00+03:00',
      '2026-10-29T23:30:00+03:00',
      '2026-10-30T23:30:00+02:00',
    ));
});

describe('Apia, where 30 December 2011 does not exist', () => {
  const ticks = inZone('Pacific/Apia');

  it('has no noon on a day that is not there', () =>
    ticks(
      '0 12 * * *',
      '2011-12-29T00:00:00-10:00',
      '2011-12-29T12:00:00-10:00',
      '2011-12-31T12:00:00+14:00',
    ));

  it('runs every six hours through', () =>
    ticks(
      '0 */6 * * *',
      '2011-12-29T17:00:00-10:00',
      '2011-12-29T18:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2011-12-31T06:00:00+14:00',
    ));

  it('waits a year for a 30 December that is skipped', () =>
    ticks('0 12 30 12 *', '2011-01-01T00:00:00Z', '2012-12-30T12:00:00+14:00'));
});

describe('Madrid, 27 March 1976 23:00 becomes 28 March 00:00', () => {
  it('runs 23:30 at once after the gap, be it the next day', () =>
    inZone('Europe/Madrid')(
      '30 23 * * *',
      '1976-03-27T12:00:00+01:00',
      '1976-03-28T00:00:00+02:00',
      '1976-03-28T23:30:00+02:00',
    ));
});

describe('the calendar', () => {
  const ticks = inZone('UTC');

  it('has 29 February every four years, but not in 2100', () =>
    ticks('0 0 29 2 *', '2092-03-01T00:00:00Z', '2096-02-29T00:00:00Z', '2104-02-29T00:00:00Z'));

  it('has no 30 February, whoever asks for it', () =>
    expect(rhythmOf({ cron: '0 0 30 2 *' }, 0).next(0)).toBeNull());

  it('knows the last day, the last weekday and the nearest weekday', () => {
    ticks('0 0 L * *', '2026-02-01T00:00:00Z', '2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z');
    ticks('0 0 LW * *', '2026-01-01T00:00:00Z', '2026-01-30T00:00:00Z', '2026-02-27T00:00:00Z');
    ticks('0 0 15W * *', '2026-02-01T00:00:00Z', '2026-02-16T00:00:00Z', '2026-03-16T00:00:00Z');
    ticks('0 0 1W * *', '2026-07-15T00:00:00Z', '2026-08-03T00:00:00Z', '2026-09-01T00:00:00Z');
    ticks('0 0 31W * *', '2026-05-01T00:00:00Z', '2026-05-29T00:00:00Z', '2026-07-31T00:00:00Z');
    ticks('0 0 31W * *', '2027-04-01T00:00:00Z', '2027-05-31T00:00:00Z');
    ticks('0 0 * * FRI#1', '2026-02-01T00:00:00Z', '2026-02-06T00:00:00Z', '2026-03-06T00:00:00Z');
    ticks('0 0 * * FRI#2', '2026-01-01T00:00:00Z', '2026-01-09T00:00:00Z');
    ticks('0 0 * * FRIL', '2026-07-01T00:00:00Z', '2026-07-31T00:00:00Z', '2026-08-28T00:00:00Z');
    ticks('0 0 * * FRIL', '2026-01-01T00:00:00Z', '2026-01-30T00:00:00Z');
  });

  it('takes either of day of month and day of week, and with + both', () => {
    ticks('0 0 13 * FRI', '2026-02-07T00:00:00Z', '2026-02-13T00:00:00Z', '2026-02-20T00:00:00Z');
    ticks('0 0 13 * +FRI', '2026-02-07T00:00:00Z', '2026-02-13T00:00:00Z', '2026-03-13T00:00:00Z');
  });

  it('runs no minute of the day at the wrong second', () => {
    const everyMinute = schedule({ cron: '* * * * *' });
    const day = ticksBetween(
      everyMinute,
      at('2026-05-01T00:00:00Z') - 1,
      at('2026-05-02T00:00:00Z'),
      9_999,
    );
    expect(day).toHaveLength(1_441);
    expect(day.every((tick) => tick % 60_000 === 0)).toBe(true);
  });
});

describe('what a change of clocks does is told', () => {
  const berlin = (cron: string) => schedule({ cron, timezone: 'Europe/Berlin' }).rhythm;
  const spring = [at('2026-03-01T00:00:00Z'), at('2026-04-01T00:00:00Z')] as const;
  const autumn = [at('2026-10-01T00:00:00Z'), at('2026-11-01T00:00:00Z')] as const;

  it('marks the tick that was moved, and no other', () => {
    const ticks = preview(
      schedule({ cron: '30 2 * * *', timezone: 'Europe/Berlin' }),
      at('2026-03-27T12:00:00Z'),
      3,
    );
    expect(ticks.map(({ shifted }) => shifted)).toEqual([null, 'DST-gap', null]);
  });

  it('does not mark a tick that would have been there anyway', () => {
    const rhythm = berlin('0 2,3 * * *');
    expect(rhythm.isMoved(at('2026-03-29T03:00:00+02:00'))).toBe(false);
    expect(berlin('0 2 * * *').isMoved(at('2026-03-29T03:00:00+02:00'))).toBe(true);
  });

  it('counts the tick that was moved where it is', () => {
    const gap = at('2026-03-29T03:00:00+02:00');
    const { count } = berlin('30 2 * * *');
    const counts = [gap - 1, gap].map((upTo) => [count(gap - 60_000, upTo), count(upTo, gap + 1)]);
    expect(counts).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('counts nothing between the two times that a clock shows the same', () => {
    const [before, after] = [at('2026-10-25T02:45:00+02:00'), at('2026-10-25T02:15:00+01:00')];
    expect(berlin('30 2 * * *').count(before, after)).toBe(0);
    expect(berlin('30 2 * * *').count(before - 3_600_000, after)).toBe(1);
  });

  it('lists the second occurrence that is left out', () => {
    const repeated = at('2026-10-25T02:30:00+01:00');
    expect(berlin('30 2 * * *').lost(...autumn)).toEqual([
      { reason: 'DST-repeat', first: repeated, last: repeated, count: 1 },
    ]);
    const [twoOClock, last] = ['02:00', '02:59'].map((time) => at(`2026-10-25T${time}:00+01:00`));
    expect(berlin('0,59 0-3 * * *').lost(...autumn)).toEqual([
      { reason: 'DST-repeat', first: twoOClock, last, count: 2 },
    ]);
    for (const cron of ['59 1 * * *', '0 3 * * *']) {
      expect(berlin(cron).lost(...autumn)).toEqual([]);
    }
    expect(berlin('30 2 * * *').lost(...spring)).toEqual([]);
  });

  it('lists what a rhythm loses in the gap, except where it runs every hour', () => {
    const gap = at('2026-03-29T01:00:00Z');
    expect(berlin('*/20 2 * * *').lost(...spring)).toEqual([
      { reason: 'DST-gap', first: gap, last: gap, count: 3 },
    ]);
    expect(berlin('*/20 * * * *').lost(...spring)).toEqual([]);
    expect(berlin('*/20 3 * * *').lost(...spring)).toEqual([]);
    expect(berlin('*/20 2 * * *').lost(...autumn)).toEqual([]);
  });

  it('lists the noon of a skipped day', () => {
    const { rhythm } = schedule({ cron: '0 12 * * *', timezone: 'Pacific/Apia' });
    const gap = at('2011-12-31T00:00:00+14:00');
    expect(rhythm.lost(at('2011-12-01T00:00:00Z'), at('2012-01-31T00:00:00Z'))).toEqual([
      { reason: 'DST-gap', first: gap, last: gap, count: 1 },
    ]);
  });
});
