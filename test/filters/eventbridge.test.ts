import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { answerOf, complaintOf, filterOf, inputOf, matchesPayload, reasonOf } from './filters.ts';

const matches = (pattern: Json, payload: Json): boolean =>
  matchesPayload('eventbridge', { payload: pattern }, payload);

describe('a pattern', () => {
  it.each<[Json, Json, boolean]>([
    [{ a: [1], b: [2] }, { a: 1, b: 2, c: 3 }, true],
    [{ a: [1], b: [2] }, { a: 1 }, false],
    [{ a: [1, 2] }, { a: 2 }, true],
    [{ a: ['x', { prefix: 'y' }, { exists: false }] }, { a: 'yz' }, true],
    [{ a: ['x', { prefix: 'y' }, { exists: false }] }, {}, true],
    [{ a: ['x', { prefix: 'y' }, { exists: false }] }, { a: 'z' }, false],
    [{ 'a.b': [1] }, { a: { b: 1 } }, true],
    [{ a: { b: [1] } }, { a: { b: 1 } }, true],
    [{ 'a.b': [1], a: { c: [2] } }, { a: { b: 1, c: 2 } }, true],
    [{ 'a.b': [1], a: { c: [2] } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    [{ a: { b: [1] } }, { a: 1 }, false],
    [{ a: { b: [1] } }, { a: null }, false],
    [{ a: [1], 'a.b': [2] }, { a: [1, { b: 2 }] }, true],
    [{ a: [1], 'a.b': [2] }, { a: [{ b: 2 }] }, false],
  ])('%j of %j: %s', (pattern, payload, expected) => {
    expect(matches(pattern, payload)).toBe(expected);
  });

  it('sees what came with the payload, by the names of EventBridge too', () => {
    const filter = filterOf('eventbridge', {
      source: ['github'],
      'detail-type': [{ prefix: 'pu' }],
      detail: { ref: ['main'] },
      id: [{ prefix: 'e-' }],
      headers: { 'x-github-event': ['push'] },
      time: [{ exists: false }],
    });
    expect(answerOf(filter, inputOf({ ref: 'main' }))).toBe(true);
    expect(answerOf(filter, inputOf({ ref: 'next' }))).toBe(false);
  });

  it('has the fields of objects in one list be those of one of them', () => {
    const pattern = { a: { b: [1], c: { d: [2] } } };
    expect(
      matches(pattern, {
        a: [
          { b: 1, c: { d: 3 } },
          { b: 0, c: { d: 2 } },
        ],
      }),
    ).toBe(false);
    expect(matches(pattern, { a: [{ b: 1, c: [{ d: 3 }, { d: 2 }] }] })).toBe(true);
    expect(matches(pattern, { a: [[{ b: 1 }], [{ b: 1, c: { d: 2 } }]] })).toBe(true);
    expect(matches(pattern, { a: [[{ b: 1 }], [{ c: { d: 2 } }]] })).toBe(false);
  });

  it('calls a field absent where no element of a list has it', () => {
    const pattern = { a: { b: [{ exists: false }] } };
    expect(matches(pattern, { a: [{ b: 1 }, { c: 1 }] })).toBe(false);
    expect(matches(pattern, { a: [{ c: 1 }, 5] })).toBe(true);
    expect(matches(pattern, { a: [{ b: {} }] })).toBe(true);
    expect(matches(pattern, { a: 5 })).toBe(true);
    const both = { a: { b: [{ exists: false }], c: [1] } };
    expect(matches(both, { a: [{ c: 1 }] })).toBe(true);
    expect(matches(both, { a: [{ c: 2 }] })).toBe(false);
    expect(matches(both, { a: [{ c: 1 }, { b: 1 }] })).toBe(false);
    expect(matches(both, {})).toBe(false);
  });

  it('sees no member that only the prototype has', () => {
    expect(matches({ constructor: { name: [{ exists: true }] } }, {})).toBe(false);
    const pattern: Json = JSON.parse('{"__proto__":{"x":[1]}}');
    expect(matches(pattern, JSON.parse('{"__proto__":{"x":1}}'))).toBe(true);
    expect(matches(pattern, {})).toBe(false);
  });
});

describe('$or', () => {
  const either = { $or: [{ a: [1] }, { b: { c: [2] } }] };

  it.each<[Json, Json, boolean]>([
    [either, { a: 1 }, true],
    [either, { b: { c: 2 } }, true],
    [either, { a: 2, b: { c: 1 } }, false],
    [{ z: [0], ...either }, { a: 1 }, false],
    [{ z: [0], ...either }, { a: 1, z: 0 }, true],
    [{ z: either }, { z: { b: { c: 2 } } }, true],
    [{ $or: [either, { d: [1] }] }, { d: 1 }, true],
    [{ $or: [either, { d: [1] }] }, { b: { c: 2 } }, true],
    [{ $or: [{ a: [1], b: [2] }, { c: [3] }] }, { a: 1 }, false],
    [{ $or: [{ a: [{ exists: false }] }, { a: [1] }] }, { a: 2 }, false],
    [{ l: { x: [1] }, $or: [{ l: { y: [2] } }, { m: [1] }] }, { l: [{ x: 1 }, { y: 2 }] }, false],
    [{ l: { x: [1] }, $or: [{ l: { y: [2] } }, { m: [1] }] }, { l: [{ x: 1, y: 2 }] }, true],
  ])('%j of %j: %s', (pattern, payload, expected) => {
    expect(matches(pattern, payload)).toBe(expected);
  });

  it('multiplies with others', () => {
    const pattern: Json = {
      x: { $or: [{ a: [1] }, { b: [1] }] },
      y: { $or: [{ c: [1] }, { d: [1] }] },
    };
    expect(matches(pattern, { x: { b: 1 }, y: { c: 1 } })).toBe(true);
    expect(matches(pattern, { x: { b: 1 }, y: { e: 1 } })).toBe(false);
  });
});

describe('a mistake', () => {
  const ten = Array.from({ length: 10 }, (_, i) => ({ [`f${i}`]: [1] }));
  const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { $or: ten }]));

  it.each<[Json, string]>([
    ['text', 'definition must be an object'],
    [{}, 'definition must not be empty'],
    [{ a: {} }, 'definition/a must not be empty'],
    [{ a: [] }, 'definition/a must not be empty'],
    [{ a: 'x' }, 'definition/a must be an object or a list'],
    [{ a: [[1]] }, 'definition/a/0 must not be a list'],
    [{ a: ['x', {}] }, 'definition/a/1 must have one of prefix'],
    [{ a: [{ perfix: 'x' }] }, 'definition/a/0 must have one of prefix'],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'definition/a/0 must have one operator'],
    [{ a: [{ prefix: 1 }] }, 'definition/a/0/prefix must be a string'],
    [{ a: [{ suffix: { wildcard: 'x' } }] }, 'definition/a/0/suffix must be a string or an object'],
    [
      { a: [{ prefix: { 'equals-ignore-case': 1 } }] },
      'definition/a/0/prefix/equals-ignore-case must be a string',
    ],
    [
      { a: [{ 'equals-ignore-case': ['x'] }] },
      'definition/a/0/equals-ignore-case must be a string',
    ],
    [{ a: [{ exists: 'true' }] }, 'definition/a/0/exists must be true or false'],
    [{ a: [{ wildcard: 'a**b' }] }, 'definition/a/0/wildcard must not have ** (character 1)'],
    [{ a: [{ wildcard: 'a\\b' }] }, 'must have * or \\ behind the \\ at character 1'],
    [{ a: [{ wildcard: 'a\\' }] }, 'must have * or \\ behind the \\ at character 1'],
    [{ a: [{ wildcard: null }] }, 'definition/a/0/wildcard must be a string'],
    [{ a: [{ numeric: 5 }] }, 'definition/a/0/numeric must be a list'],
    [{ a: [{ numeric: ['>'] }] }, 'definition/a/0/numeric must be a list'],
    [{ a: [{ numeric: ['>', '5'] }] }, 'definition/a/0/numeric/1 must be a number'],
    [{ a: [{ numeric: ['!=', 5] }] }, 'definition/a/0/numeric/0 must be one of ='],
    [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'definition/a/0/numeric/0 must be > or >='],
    [{ a: [{ numeric: ['>', 5, '=', 6] }] }, 'definition/a/0/numeric/2 must be < or <='],
    [{ a: [{ numeric: ['>', 5, '<', '6'] }] }, 'definition/a/0/numeric/3 must be a number'],
    [{ a: [{ numeric: ['>', 5, '<', 5] }] }, 'definition/a/0/numeric/3 must be above 5'],
    [{ a: [{ 'anything-but': [] }] }, 'definition/a/0/anything-but must not be empty'],
    [{ a: [{ 'anything-but': null }] }, 'definition/a/0/anything-but must be a string or a number'],
    [{ a: [{ 'anything-but': [true] }] }, 'definition/a/0/anything-but/0 must be a string or'],
    [{ a: [{ 'anything-but': ['a', 1] }] }, 'definition/a/0/anything-but/1 must be a string, as'],
    [{ a: [{ 'anything-but': { prefix: '' } }] }, 'definition/a/0/anything-but/prefix must not be'],
    [{ a: [{ 'anything-but': { suffix: ['x', ''] } }] }, 'anything-but/suffix/1 must not be empty'],
    [{ a: [{ 'anything-but': { prefix: [1] } }] }, 'anything-but/prefix/0 must be a string'],
    [{ a: [{ 'anything-but': { numeric: ['=', 1] } }] }, 'anything-but must have one of prefix'],
    [{ a: [{ 'anything-but': { wildcard: 'a**' } }] }, 'anything-but/wildcard must not have **'],
    [{ a: [{ cidr: '10.0.0.0' }] }, 'definition/a/0/cidr must be an IP address, a /'],
    [{ a: [{ cidr: '10.0.0.0/32' }] }, 'definition/a/0/cidr must have fewer than 32 bits'],
    [{ a: [{ cidr: '::/128' }] }, 'definition/a/0/cidr must have fewer than 128 bits'],
    [{ a: [{ cidr: '10.0.0/8' }] }, 'definition/a/0/cidr must be an IP address, a /'],
    [{ a: [{ cidr: '10.0.0.0/-1' }] }, 'definition/a/0/cidr must be an IP address, a /'],
    [{ $or: { a: [1] } }, 'definition/$or must be a list of at least two objects'],
    [{ $or: [{ a: [1] }] }, 'definition/$or must be a list of at least two objects'],
    [{ $or: [{ a: [1] }, 'x'] }, 'definition/$or/1 must be an object'],
    [{ $or: [{ a: [1] }, {}] }, 'definition/$or/1 must not be empty'],
    [{ $or: [{ a: [1] }, { prefix: ['x'] }] }, 'definition/$or/1/prefix is an operator'],
    [{ a: [1], $or: [{ a: [2] }, { b: [3] }] }, 'definition/$or/0/a must be the only one about'],
    [{ 'a.b': [1], a: { b: [2] } }, 'definition/a/b must be the only one about its field'],
    [{ detail: { a: [1] }, payload: { a: [1] } }, 'definition/payload/a must be the only one'],
    [many, 'must not make more than 1000 combinations'],
  ])('in %j is refused where it stands', (definition, complaint) => {
    expect(complaintOf('eventbridge', definition)).toContain(complaint);
  });

  it('is no field that is named as an operator, but within $or', () => {
    expect(complaintOf('eventbridge', { prefix: ['x'], a: { numeric: ['='] } })).toBeUndefined();
  });
});

describe('what did not match is told', () => {
  const payload = { state: 'off', list: [{ a: 1 }, { b: 2 }], one: [{ a: 1 }], deep: {} };

  it.each<[Json, object]>([
    [
      { state: ['on', { prefix: 'x' }] },
      {
        path: '/payload/state',
        predicate: '["on",{"prefix":"x"}]',
        expected: '"on" or a string that starts with "x"',
        seen: '"off"',
      },
    ],
    [
      { state: [{ exists: false }] },
      {
        path: '/payload/state',
        predicate: '[{"exists":false}]',
        expected: 'absent',
        seen: '"off"',
      },
    ],
    [
      { 'deep.er': [{ numeric: ['>', 1, '<', 2] }] },
      {
        path: '/payload/deep/er',
        predicate: '[{"numeric":[">",1,"<",2]}]',
        expected: 'a number > 1 < 2',
        seen: undefined,
      },
    ],
    [
      { list: { a: [1], b: [2] } },
      {
        path: '/payload/list',
        predicate: '{"a":[1],"b":[2]}',
        expected: 'a list with one element that has all of it',
        seen: '[{"a":1},{"b":2}]',
      },
    ],
    [{ one: { a: [2] } }, { path: '/payload/one/0/a', predicate: '[2]', expected: '2', seen: '1' }],
    [
      { $or: [{ state: ['on'] }, { one: { a: [2] } }] },
      {
        path: '/payload/state',
        predicate: '["on"]',
        expected: '"on", or another branch of $or',
        seen: '"off"',
      },
    ],
  ])('%j', (pattern, reason) => {
    const found = reasonOf('eventbridge', { payload: pattern }, inputOf(payload));
    expect({ seen: undefined, ...found }).toEqual({ language: 'eventbridge', ...reason });
  });
});
