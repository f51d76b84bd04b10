import { describe, expect, it } from 'vitest';
import { cursorOf, findStatement, positionIn, quoted } from '../../src/views/find-statement.ts';
import { idHash } from '../../src/views/id-hash.ts';
import type { FindQuery } from '../../src/views/views.ts';

const lamps = {
  ...{
    table: 'lamps',
    idTable: 'lampIds',
    columns: new Set(['room', 'watts', 'place', 'at', 'position']),
  },
  ...{ indexes: [['room'], ['room', 'watts']], ids: ['place'] },
};

const statementOf = (query: Partial<FindQuery>) =>
  findStatement(lamps, { order: 'asc', limit: 2, ...query });

describe('a cursor', () => {
  it.each(['0000000000000001', '12/34', '12/34.00001'])('is of a position: %s', (position) => {
    expect(positionIn(cursorOf(position))).toBe(position);
  });

  it.each(['', 'x12', '12x', '12.1', '12.000001', '12.x0001', '.00001'])(
    'is refused where it is of none: %j',
    (text) => {
      const details = [{ field: 'from', message: 'is not a cursor of this list' }];
      expect(() => positionIn(cursorOf(text), 'from')).toThrow(
        expect.objectContaining({ code: 'validation-failed', details }),
      );
    },
  );
});

it('quotes a name, whatever is in it', () => {
  expect(quoted('a"b"')).toBe('"a""b"""');
});

describe('a question for documents', () => {
  const all = 'SELECT d.* FROM "lamps" d';

  it.each<[string, Partial<FindQuery>, string, readonly unknown[]]>([
    ['all', {}, `${all} ORDER BY d.place asc LIMIT ?`, [3]],
    [
      'a column with an index',
      { where: { room: 'a' }, order: 'desc' },
      `${all} WHERE d."room" = ? ORDER BY d.place desc LIMIT ?`,
      ['a', 3],
    ],
    [
      'two columns of one index, and one of none',
      { where: { room: 'a', watts: 1, at: null } },
      `${all} WHERE d."room" = ? AND d."watts" = ? AND +d."at" IS NULL ORDER BY d.place asc LIMIT ?`,
      ['a', 1, 3],
    ],
    [
      'a list of values',
      { where: { watts: ['1', '2'] } },
      `${all} WHERE +d."watts" IN (SELECT value FROM json_each(?)) ORDER BY d.place asc LIMIT ?`,
      ['["1","2"]', 3],
    ],
    [
      'an id, which goes before any index',
      { where: { room: 'a', place: 'p' } },
      'SELECT d.* FROM "lampIds" i CROSS JOIN "lamps" d ON d.place = i.place ' +
        'WHERE i.id = ? AND +d."room" = ? AND +d."place" = ? ORDER BY i.place asc LIMIT ?',
      [idHash('p'), 'a', 'p', 3],
    ],
    [
      'several ids',
      { where: { place: ['p', 'q'] } },
      `${all} WHERE d.place IN (SELECT place FROM "lampIds" WHERE id IN (SELECT value FROM ` +
        'json_each(?))) AND +d."place" IN (SELECT value FROM json_each(?)) ' +
        'ORDER BY d.place asc LIMIT ?',
      [JSON.stringify(['p', 'q'].map(idHash)), '["p","q"]', 3],
    ],
    [
      'no id',
      { where: { place: null } },
      `${all} WHERE +d."place" IS NULL ORDER BY d.place asc LIMIT ?`,
      [3],
    ],
    [
      'a stretch of values, and what comes after a cursor',
      { between: { column: 'at', from: 'a', to: 'b' }, after: cursorOf('12') },
      `${all} WHERE +d."at" >= ? AND +d."at" <= ? AND d.place >= (SELECT place FROM "lamps" ` +
        'WHERE "position" > ? ORDER BY "position" LIMIT 1) ORDER BY d.place asc LIMIT ?',
      ['a', 'b', '12', 3],
    ],
    [
      'a stretch of the list, whose places are in the order of positions',
      { between: { column: 'position', from: '1', to: '2' } },
      `${all} WHERE d.place >= (SELECT place FROM "lamps" WHERE "position" >= ? ORDER BY "position" ` +
        'LIMIT 1) AND d.place <= (SELECT place FROM "lamps" WHERE "position" <= ? ' +
        'ORDER BY "position" DESC LIMIT 1) ORDER BY d.place asc LIMIT ?',
      ['1', '2', 3],
    ],
    [
      'what lies behind a value, by an index, in order before it is read',
      { where: { room: 'a' }, between: [{ column: 'watts', above: '60' }] },
      `${all} WHERE d.place IN (SELECT d.place FROM "lamps" d WHERE d."room" = ? AND ` +
        'd."watts" > ? ORDER BY d.place asc LIMIT ?) ORDER BY d.place asc',
      ['a', '60', 3],
    ],
    [
      'what comes before a cursor',
      { order: 'desc', after: cursorOf('12') },
      `${all} WHERE d.place <= (SELECT place FROM "lamps" WHERE "position" < ? ` +
        'ORDER BY "position" DESC LIMIT 1) ORDER BY d.place desc LIMIT ?',
      ['12', 3],
    ],
  ])('by %s', (_, query, sql, values) => {
    expect(statementOf(query)).toEqual({ sql, values });
  });

  it('is refused by a column that is not there', () => {
    const details = [{ field: 'smell', message: 'cannot be asked for' }];
    const refusal = expect.objectContaining({ code: 'validation-failed', details });
    expect(() => statementOf({ where: { smell: 'a' } })).toThrow(refusal);
    expect(() => statementOf({ between: { column: 'smell', from: 'a' } })).toThrow(refusal);
  });
});
