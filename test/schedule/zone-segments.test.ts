import { describe, expect, it } from 'vitest';
import { isZone, segmentsOf, zoneOf } from '../../src/schedule/zone-segments.ts';
import { at } from './support.ts';

const wallAt = (timeZone: string, instant: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const [month = 0, day, year = 0, hour, minute, second] = parts
    .filter(({ type }) => type !== 'literal')
    .map(({ value }) => Number(value));
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

describe('the segments of a zone', () => {
  it.each([
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Africa/Casablanca',
    'Pacific/Apia',
    'Antarctica/Troll',
    'UTC',
  ])('of %s lie side by side and show the wall time that Intl shows', (name) => {
    const zone = zoneOf(name);
    let instant = at('2005-01-01T00:00:00Z');
    while (instant < at('2030-01-01T00:00:00Z')) {
      const segment = zone.segmentAt(instant);
      for (const probe of [instant, Math.min(segment.end, at('2030-01-01T00:00:00Z')) - 1_000]) {
        expect(probe + segment.offset).toBe(wallAt(name, probe));
      }
      if (segment.changed === instant) {
        expect(instant - 1_000 + segment.before).toBe(wallAt(name, instant - 1_000));
      }
      instant = segment.end;
    }
  });

  it('remember a change shortly before they were cut', () => {
    const hour = 3_600_000;
    const change = -hour / 2;
    const offsetAt = (instant: number): number => (instant < change ? 2 * hour : hour);
    expect(segmentsOf(offsetAt, 0, 24 * hour)).toEqual([
      { start: 0, end: 24 * hour, offset: hour, changed: change, before: 2 * hour },
    ]);
  });

  it('leave a change at the cut to the next piece', () => {
    const day = 86_400_000;
    const offsetAt = (instant: number): number => (instant < day ? 0 : 3_600_000);
    expect(segmentsOf(offsetAt, 0, day).map(({ start, end }) => [start, end])).toEqual([[0, day]]);
    expect(segmentsOf(offsetAt, day, 2 * day)).toMatchObject([{ start: day, changed: day }]);
  });

  it('include offsets that are no whole minutes', () =>
    expect(zoneOf('Africa/Monrovia').segmentAt(0).offset).toBe(-(44 * 60 + 30) * 1_000));

  it('do not depend on how the zone is spelled', () =>
    expect(zoneOf('europe/BERLIN')).toBe(zoneOf('Europe/Berlin')));

  it('exist for the names of the IANA list alone', () => {
    expect(['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'Asia/Calcutta'].every(isZone)).toBe(true);
    expect(['', 'Mars/Olympus', '+02:00', 'UTC ', 'a'.repeat(80)].some(isZone)).toBe(false);
  });
});
