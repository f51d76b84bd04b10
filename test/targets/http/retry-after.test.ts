import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../src/targets/http/retry-after.ts';

const now = Date.parse('2026-11-29T14:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['in seconds', '90', 90_000],
    ['as a date', 'Sun, 29 Nov 2026 14:01:30 GMT', 90_000],
    ['as a date of RFC 850', 'Sunday, 29-Nov-26 14:01:30 GMT', 90_000],
    ['as a date of RFC 850 on a Wednesday', 'Wednesday, 02-Dec-26 14:00:00 GMT', 259_200_000],
    ['as C prints it', 'Sun Nov 29 14:01:30 2026', 90_000],
    ['as C prints it, on a day with one digit', 'Tue Dec  1 14:00:00 2026', 172_800_000],
    ['with space around', ' 90 ', 90_000],
    ['as long as a year can be', '31622400', 31_622_400_000],
  ])('is understood %s', (_, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('is understood in every month of the year', () => {
    for (let month = 0; month < 12; month += 1) {
      const then = Date.UTC(2026, month, 15);
      expect(retryAfterMs(new Date(then).toUTCString(), then - 90_000)).toBe(90_000);
    }
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['a past date', 'Sun, 29 Nov 2026 13:59:59 GMT'],
    ['now', 'Sun, 29 Nov 2026 14:00:00 GMT'],
    ['a date with another zone', 'Sun, 29 Nov 2026 14:01:30 CET'],
    ['a date as JSON has it', '2026-11-29T14:01:30Z'],
    ['a time of day that is none', 'Sun, 29 Nov 2027 99:01:30 GMT'],
    ['a date of two digits of a year, long ago', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['longer than any year', '31622401'],
    ['a date beyond belief', 'Sun, 29 Nov 2099 14:01:30 GMT'],
    ['a fraction', '1.5'],
    ['a negative number', '-5'],
  ])('is nothing where it is %s', (_, header) => {
    expect(retryAfterMs(header, now)).toBeNull();
  });
});
