import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { answerOf, complaintOf, filterOf, inputOf, matchesPayload, reasonOf } from './filters.ts';

/** Of a payload with this value, or without it. */
const matchesValue = (matcher: Json, ...value: readonly Json[]): boolean =>
  matchesPayload(
    'eventfilter',
    { payload: { v: matcher } },
    value.length ? { v: value[0] ?? null } : {},
  );

describe('a list of literals', () => {
  it.each<[Json, Json, boolean]>([
    [['open'], 'open', true],
    [['open'], 'Open', false],
    [['open', 'shut'], 'shut', true],
    [['1'], 1, false],
    [[1], '1', false],
    [[1, 2], 2, true],
    [[1], 1.0, true],
    [[0], false, false],
    [[true], true, true],
    [[true], 'true', false],
    [['open'], ['open'], false],
    [['open'], null, false],
    [[''], '', true],
    [['null'], null, false],
  ])('%j of %j: %s', (matcher, value, expected) => {
    expect(matchesValue(matcher, value)).toBe(expected);
  });

  it('matches no field that is missing', () => {
    expect(matchesValue(['open'])).toBe(false);
  });

  it.each<[readonly Json[]]>([[['x']], [[null]], [[[]]], [[{}]], [[]]])(
    'that is empty matches anything: %j',
    (value) => {
      expect(matchesValue([], ...value)).toBe(true);
    },
  );
});

describe('an operator', () => {
  it.each<[Json, Json, boolean]>([
    [{ $startsWith: 'ab' }, 'abc', true],
    [{ $startsWith: 'ab' }, 'Abc', false],
    [{ $startsWith: '1' }, 12, false],
    [{ $endsWith: 'bc' }, 'abc', true],
    [{ $endsWith: 'ab' }, 'abc', false],
    [{ $endsWith: 'c' }, ['c'], false],
    [{ $exists: true }, null, true],
    [{ $exists: false }, null, false],
    [{ $isNull: true }, null, true],
    [{ $isNull: true }, 0, false],
    [{ $isNull: false }, 0, true],
    [{ $isNull: false }, null, false],
    [{ $anythingBut: 'a' }, 'b', true],
    [{ $anythingBut: 'a' }, 'a', false],
    [{ $anythingBut: 'a' }, null, true],
    [{ $anythingBut: ['a', 'b'] }, 'b', false],
    [{ $anythingBut: [1, 2] }, 3, true],
    [{ $anythingBut: [true] }, true, false],
    [{ $anythingBut: 1 }, '1', true],
    [{ $anythingBut: [] }, 'a', true],
    [{ $gt: 5 }, 6, true],
    [{ $gt: 5 }, 5, false],
    [{ $gt: 5 }, '6', false],
    [{ $lt: 5 }, 4.9, true],
    [{ $lt: 5 }, 5, false],
    [{ $lt: 5 }, null, false],
    [{ $gte: 5 }, 5, true],
    [{ $gte: 5 }, 4, false],
    [{ $lte: 5 }, 5, true],
    [{ $lte: 5 }, 6, false],
    [{ $between: [1, 3] }, 1, true],
    [{ $between: [1, 3] }, 3, true],
    [{ $between: [1, 3] }, 3.1, false],
    [{ $between: [1, 3] }, 0.9, false],
    [{ $between: [3, 1] }, 2, false],
    [{ $between: [1, 3] }, '2', false],
    [{ $includes: 'a' }, ['b', 'a'], true],
    [{ $includes: 'a' }, 'cat', false],
    [{ $includes: 'a' }, [['a']], false],
    [{ $includes: 1 }, ['1'], false],
    [{ $includes: true }, [true], true],
    [{ $ignoreCaseEquals: 'straße' }, 'STRAßE', true],
    [{ $ignoreCaseEquals: 'resume' }, 'RÉSUMÉ', false],
    [{ $ignoreCaseEquals: 'résumé' }, 'RÉSUMÉ', true],
    [{ $ignoreCaseEquals: '1' }, 1, false],
    [{ $not: 'a' }, 'b', true],
    [{ $not: 'a' }, 'a', false],
    [{ $not: 1 }, 2, true],
    [{ $not: false }, false, false],
    [{ $not: 'a' }, null, false],
    [{ $not: 'a' }, { a: 1 }, false],
    [{ $not: 'a' }, ['b'], true],
    [{ $not: 'a' }, ['b', 'a'], false],
    [{ $not: 'a' }, [], true],
  ])('%j of %j: %s', (operator, value, expected) => {
    expect(matchesValue([operator], value)).toBe(expected);
  });

  it.each<[Json, boolean]>([
    [{ $exists: false }, true],
    [{ $exists: true }, false],
    [{ $isNull: true }, false],
    [{ $isNull: false }, true],
    [{ $anythingBut: 'a' }, true],
    [{ $not: 'a' }, false],
    [{ $startsWith: '' }, false],
    [{ $gt: 0 }, false],
    [{ $includes: 'a' }, false],
    [{ $ignoreCaseEquals: '' }, false],
  ])('%j of a missing field: %s', (operator, expected) => {
    expect(matchesValue([operator])).toBe(expected);
  });

  it('has to hold together with the others of its list', () => {
    const both = [{ $gt: 1 }, { $lt: 3 }];
    expect([0, 2, 4].map((value) => matchesValue(both, value))).toEqual([false, true, false]);
  });

  it.each<[Json, Json, boolean]>([
    [{ $gt: 5, $startsWith: 'a' }, 'ab', true],
    [{ $isNull: false, $exists: true }, null, true],
    [{ $not: 'a', $anythingBut: 'b' }, 'a', true],
    [{ $lte: 1, $gt: 1 }, 1, false],
    [{ $gt: 1, colour: 'red' }, 2, true],
  ])('counts alone where its object has several: %j of %j: %s', (operator, value, expected) => {
    expect(matchesValue([operator], value)).toBe(expected);
  });
});

describe('an object', () => {
  const matches = (filter: Json, payload: Json) =>
    matchesPayload('eventfilter', { payload: filter }, payload);

  it.each<[Json, Json, boolean]>([
    [{ a: [1], b: [2] }, { a: 1, b: 2 }, true],
    [{ a: [1], b: [2] }, { a: 1, b: 3 }, false],
    [{}, {}, true],
    [{}, 'text', true],
    [{}, null, true],
    [{}, [], false],
    [{}, [1], true],
    [{ a: [] }, null, false],
    [{ a: [] }, 'text', true],
    [{ a: [{ $exists: false }] }, 5, true],
    [{ a: {} }, {}, true],
    [{ a: { b: [{ $exists: false }] } }, {}, false],
    [{ a: { b: [{ $exists: false }] } }, { a: null }, false],
    [{ a: { b: [{ $exists: false }] } }, { a: {} }, true],
    [{ a: { b: [1], c: [2] } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    [{ a: { b: [1], c: [2] } }, { a: [{ b: 0 }, { b: 1, c: 2 }] }, true],
    [{ a: {} }, { a: [] }, false],
    [{ a: {} }, { a: [null] }, true],
    [{ b: [1] }, [{ b: 1 }], true],
    [{ 0: [7] }, [[7]], true],
  ])('%j of %j: %s', (filter, payload, expected) => {
    expect(matches(filter, payload)).toBe(expected);
  });

  it('sees no member that only the prototype has', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      const filter: Json = JSON.parse(`{"${name}":[{"$exists":true}]}`);
      expect([name, matches(filter, {})]).toEqual([name, false]);
      expect([name, matches(filter, JSON.parse(`{"${name}":1}`))]).toEqual([name, true]);
    }
  });

  it('may ask for headers, query, source and type', () => {
    const filter = filterOf('eventfilter', {
      headers: { 'x-github-event': ['push'] },
      query: { dry: [{ $exists: true }] },
      source: ['github'],
      type: [{ $startsWith: 'pu' }],
    });
    expect(answerOf(filter, inputOf(undefined))).toBe(true);
    expect(answerOf(filter, inputOf(undefined, { source: 'gitlab' }))).toBe(false);
  });

  it('finds no payload where the body is not JSON', () => {
    expect(matchesPayload('eventfilter', { payload: [{ $exists: false }] })).toBe(true);
    expect(matchesPayload('eventfilter', { payload: [{ $exists: false }] }, null)).toBe(false);
  });
});

describe('a mistake', () => {
  it.each<[Json, string]>([
    ['text', 'definition must be an object'],
    [[], 'definition must be an object'],
    [null, 'definition must be an object'],
    [{ payload: 'x' }, 'definition/payload must be a list or an object'],
    [{ a: { 'b/c': 1 } }, 'definition/a/b~1c must be a list or an object'],
    [{ a: [null] }, 'definition/a/0 must be a string, a number, true, false or an operator'],
    [{ a: ['x', 1] }, 'definition/a/1 must be a string, as the others of its list are'],
    [{ a: [1, true] }, 'definition/a/1 must be a number, as the others of its list are'],
    [{ a: ['x', { $gt: 1 }] }, 'definition/a/1 must be a string, as the others'],
    [{ a: [{ $gt: 1 }, 'x'] }, 'definition/a/1 must be an operator'],
    [{ a: [{ $above: 1 }] }, 'definition/a/0 must have one of $endsWith, $startsWith'],
    [{ a: [{}] }, 'definition/a/0 must have one of'],
    [{ a: [{ $gt: '1' }] }, 'definition/a/0/$gt must be a number'],
    [{ a: [{ $startsWith: 1 }] }, 'definition/a/0/$startsWith must be a string'],
    [{ a: [{ $exists: 'yes' }] }, 'definition/a/0/$exists must be true or false'],
    [{ a: [{ $between: [1] }] }, 'definition/a/0/$between must be a list of two numbers'],
    [{ a: [{ $includes: null }] }, 'definition/a/0/$includes must be a string, a number'],
    [{ a: [{ $anythingBut: ['x', 1] }] }, 'definition/a/0/$anythingBut must be'],
    [{ a: Array(33).fill({ $gt: 1 }) }, 'definition/a must have at most 32 operators'],
  ])('in %j is refused where it stands', (definition, complaint) => {
    expect(complaintOf('eventfilter', definition)).toContain(complaint);
  });

  it('is none of prototypes: their members are no operators', () => {
    expect(complaintOf('eventfilter', { a: [JSON.parse('{"__proto__":{"$gt":1}}')] })).toContain(
      'definition/a/0 must have one of',
    );
  });
});

describe('what did not match is told', () => {
  const payload = { price: 5, items: [{ sku: 'a' }], many: [{ n: 1 }, { n: 2 }], none: null };

  it.each<[Json, object]>([
    [
      { price: [{ $gt: 1 }, { $gt: 9 }] },
      { path: '/payload/price', predicate: '{"$gt":9}', expected: 'a number above 9', seen: '5' },
    ],
    [
      { price: [1, 2] },
      { path: '/payload/price', predicate: '[1,2]', expected: '1 or 2', seen: '5' },
    ],
    [
      { 'a/b': ['x'] },
      { path: '/payload/a~1b', predicate: '["x"]', expected: '"x"', seen: undefined },
    ],
    [
      { items: { sku: ['b'] } },
      { path: '/payload/items/0/sku', predicate: '["b"]', expected: '"b"', seen: '"a"' },
    ],
    [
      { many: { n: [3] } },
      {
        path: '/payload/many',
        predicate: '{"n":[3]}',
        expected: 'a list with an element that satisfies all of it',
        seen: '[{"n":1},{"n":2}]',
      },
    ],
    [
      { none: { x: [] } },
      { path: '/payload/none', predicate: '{"x":[]}', expected: 'an object', seen: 'null' },
    ],
  ])('%j', (filter, reason) => {
    const { seen, ...found } = {
      seen: undefined,
      ...reasonOf('eventfilter', { payload: filter }, inputOf(payload)),
    };
    expect({ ...found, seen }).toEqual({ language: 'eventfilter', ...reason });
  });
});
