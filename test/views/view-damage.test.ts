import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { DamagedViews, isDamage, isDiskFull } from '../../src/views/view-damage.ts';

const coded = (code: string, message = 'as told') => new Database.SqliteError(message, code);

it.each([
  coded('SQLITE_CORRUPT'),
  coded('SQLITE_CORRUPT_INDEX'),
  coded('SQLITE_NOTADB'),
  coded('SQLITE_IOERR_SHORT_READ'),
  coded('SQLITE_IOERR_CORRUPTFS'),
  coded('SQLITE_IOERR_DATA'),
  coded('SQLITE_SCHEMA'),
  coded('SQLITE_FORMAT'),
  coded('SQLITE_ERROR', 'no such table: invocations@3'),
  coded('SQLITE_ERROR', 'no such column: dueAt'),
  new DamagedViews('as told'),
])('damage is answered by building anew: %s', (error) => {
  expect(isDamage(error)).toBe(true);
  expect(isDiskFull(error)).toBe(false);
});

it.each([
  coded('SQLITE_FULL'),
  coded('SQLITE_BUSY'),
  coded('SQLITE_IOERR_WRITE'),
  coded('SQLITE_ERROR', 'near "no such table": syntax error'),
  Object.assign(new Error('no such table: x'), { code: 'SQLITE_CORRUPT' }),
  undefined,
])('what is no damage is told: %s', (error) => {
  expect(isDamage(error)).toBe(false);
});

it('a full disk is no damage', () => {
  expect(isDiskFull(coded('SQLITE_FULL'))).toBe(true);
  expect(isDiskFull(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))).toBe(false);
});
