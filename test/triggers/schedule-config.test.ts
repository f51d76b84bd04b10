import { describe, expect, it } from 'vitest';
import { expiredProblem } from '../../src/schedule/expired.ts';
import { mergeSchedule } from '../../src/schedule/merge.ts';
import { ScheduleConfig } from '../../src/triggers/schedule-config.ts';
import { at } from '../schedule/support.ts';

const problemsOf = (config: unknown): string[] => {
  const result = ScheduleConfig.safeParse(config);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
};

describe('a schedule is accepted', () => {
  it.each([
    { interval: 1 },
    { interval: 60, startAt: '2026-01-01T00:00:00Z', endAt: '2026-01-01T00:00:01Z' },
    { cron: '*/5 * * * *' },
    { cron: '30 2 * * *', timezone: 'Europe/Berlin' },
    { cron: '15 30 2 * * *', timezone: 'America/Argentina/Buenos_Aires' },
    { cron: '0 9 1,15W,L JAN-MAR MON-FRI' },
    { cron: '0 9 ? * FRI#2,MONL' },
    { cron: '0 0 9 1 * ?' },
    { cron: '0 0 29 2 *' },
    { cron: '@daily', timezone: 'Etc/GMT+5' },
    { cron: '@Hourly' },
    { at: '2026-01-01T00:00:00.000+02:00' },
    { at: '1970-01-01T00:00:00Z' },
    { interval: 5, params: { a: 1 }, concurrency: 2, retry: { maxAttempts: 1 }, timeoutMs: 10 },
    { interval: 5, jitterSeconds: 3, overlap: 'cancel-previous', misfire: 'all' },
  ])('%j', (config) => expect(problemsOf(config)).toEqual([]));

  it('with what it leaves out filled in, and instants in one form', () =>
    expect(ScheduleConfig.parse({ at: '2026-01-01T00:00:00+02:00' })).toEqual({
      at: '2025-12-31T22:00:00.000Z',
      concurrency: 1,
      jitterSeconds: 0,
      overlap: 'queue',
      misfire: 'skip',
    }));

  it('as it was given back before', () => {
    const stored = ScheduleConfig.parse({ cron: ' 0 0 * * * ', startAt: '2026-01-01T00:00:00Z' });
    expect(ScheduleConfig.parse(stored)).toEqual(stored);
  });
});

describe('a schedule is refused by the name of its field', () => {
  it.each([undefined, 0, -1, 1.5, '60', null, Number.NaN, Infinity])('interval %j', (interval) => {
    expect(problemsOf({ interval }).join()).toMatch(/^interval must be a positive integer/);
  });

  it.each([
    ['0/5 * * * *', /numeric prefix/],
    ['0 0 * * FRI-MON', /larger than/],
    ['@reboot', /^cron must be .* or one of @yearly, .*, @hourly; .* use interval$/],
    ['@every 5m', /use interval/],
    ['', /not 0/],
    ['   ', /not 0/],
    ['* * * *', /not 4$/],
    ['* * * * * * *', /not 7; startAt and endAt/],
    ['0 0 30 2 *', /^cron never fires$/],
    ['0 0 31 2,4,6,9,11 *', /never fires/],
    ['0 0 30 2 +MON', /never fires/],
    ['60 * * * *', /^cron is not a cron expression: Invalid value for minute: 60$/],
    ['0 24 * * *', /hour: 24/],
    ['? * * * *', /^cron can have \? for the day/],
    ['0 ? * * *', /\? for the day/],
    ['? 0 0 * * *', /\? for the day/],
    ['0 0 * ? *', /\? for the day/],
    ['0 0 1,? ? ?', /\? for the day/],
    ['H * * * *', /illegal characters/],
    ['*/0 * * * *', /stepping: 0/],
    ['*/61 * * * *', /steps/],
    ['1,,2 * * * *', /empty/],
    ['0 0 * * MON#6', /weekday/],
    ['2026-01-01T00:00:00', /not 1/],
    [`${'1,'.repeat(200)}1 * * * *`, /256 characters/],
    [5, /must be a string/],
  ])('cron %j', (cron, message) => {
    const problems = problemsOf({ cron });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^cron /);
    expect(problems[0]).toMatch(message);
    expect(
      problemsOf({ cron, startAt: '2026-01-01T00:00:00Z', endAt: '2027-01-01T00:00:00Z' }),
    ).toEqual(problems);
  });

  it.each(['Nowhere/Zone', '', '+02:00', 'Europe/Berlin ', '../etc', 5])(
    'timezone %j',
    (timezone) =>
      expect(problemsOf({ cron: '@daily', timezone }).join()).toMatch(/^timezone must be/),
  );

  it.each([
    [{}, 'interval must be a positive integer, unless cron or at is given'],
    [{ interval: 5, cron: '@daily' }, 'cron cannot be combined with interval'],
    [{ cron: '@daily', at: '2026-01-01T00:00:00Z' }, 'at cannot be combined with cron'],
    [{ interval: 5, timezone: 'UTC' }, 'timezone has no meaning without cron'],
    [{ at: '2026-01-01' }, 'at must be an ISO 8601 instant with Z or an offset'],
    [{ at: '2026-13-01T00:00:00Z' }, 'at must be an ISO 8601 instant with Z or an offset'],
    [{ at: '1969-12-31T23:59:59Z' }, 'at must not be earlier than 1970'],
    [
      { at: '2026-01-01T00:00:00Z', endAt: '2026-01-02T00:00:00Z' },
      'endAt cannot be combined with at',
    ],
    [
      { interval: 5, startAt: '2026-01-01T00:00:00Z', endAt: '2026-01-01T00:00:00Z' },
      'endAt must be later than startAt',
    ],
    [
      { cron: '@yearly', startAt: '2026-01-02T00:00:00Z', endAt: '2026-12-31T00:00:00Z' },
      'endAt leaves no tick after startAt',
    ],
    [
      { cron: '@hourly', startAt: '2026-01-01T00:30:00Z', endAt: '2026-01-01T01:00:00Z' },
      'endAt leaves no tick after startAt',
    ],
    [{ interval: 5, jitterSeconds: -1 }, 'jitterSeconds must not be negative'],
    [{ interval: 5, jitterSeconds: 86_401 }, 'jitterSeconds must be at most 86400'],
    [{ interval: 4e9 }, 'interval must be at most 3153600000'],
    [{ interval: 5, bogus: 1 }, ' Unrecognized key: "bogus"'],
  ])('%j', (config, problem) => expect(problemsOf(config)).toEqual([problem]));

  it.each(['overlap', 'misfire', 'params', 'concurrency', 'retry', 'timeoutMs'])('%s', (field) =>
    expect(problemsOf({ interval: 5, [field]: 'nonsense' }).join()).toMatch(`${field} `),
  );
});

describe('a schedule with nothing left to do', () => {
  const now = at('2026-06-01T00:00:00Z');

  it('is told from one that will tick', () => {
    expect(expiredProblem({ interval: 5 }, now)).toBeUndefined();
    expect(expiredProblem({ at: '2026-06-01T00:00:00.001Z' }, now)).toBeUndefined();
    expect(expiredProblem({ at: '2026-06-01T00:00:00.000Z' }, now)).toEqual({
      field: 'at',
      message: 'must be later than now',
    });
    expect(expiredProblem({ cron: '@yearly', endAt: '2027-01-01T00:00:00.000Z' }, now)).toEqual({
      field: 'endAt',
      message: 'leaves no tick from now on',
    });
  });
});

describe('an update of a schedule', () => {
  it('replaces the way to say when, and keeps the rest', () => {
    const stored = { interval: 60, params: { a: 1 }, jitterSeconds: 5 };
    expect(mergeSchedule(stored, { cron: '@daily' })).toEqual({
      cron: '@daily',
      params: { a: 1 },
      jitterSeconds: 5,
    });
    expect(mergeSchedule(stored, { interval: 30, params: {} })).toEqual({
      interval: 30,
      params: {},
      jitterSeconds: 5,
    });
  });

  it('drops what only the old way gave a meaning', () => {
    const stored = { cron: '@daily', timezone: 'Europe/Berlin', endAt: '2027-01-01T00:00:00Z' };
    expect(mergeSchedule(stored, { timezone: 'UTC' })).toEqual({ ...stored, timezone: 'UTC' });
    expect(mergeSchedule(stored, { interval: 5 })).toEqual({
      interval: 5,
      endAt: stored.endAt,
    });
    expect(mergeSchedule(stored, { at: '2026-09-01T00:00:00Z' })).toEqual({
      at: '2026-09-01T00:00:00Z',
    });
  });

  it('leaves a contradiction in the update itself to be refused', () =>
    expect(mergeSchedule({ interval: 5 }, { cron: '@daily', interval: 6 })).toEqual({
      cron: '@daily',
      interval: 6,
    }));
});
