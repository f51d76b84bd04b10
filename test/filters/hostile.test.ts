import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { maxExcerpt } from '../../src/filters/excerpt.ts';
import { filterLanguages } from '../../src/filters/index.ts';
import {
  answerOf,
  complaintOf,
  eventOf,
  filterOf,
  inputOf,
  matchesPayload,
  nested,
  nestedObject,
  reasonOf,
} from './filters.ts';

const languages = [...filterLanguages.keys()];
const outOfSteps = 'an answer within 1000000 steps';
const mebibytes = (count: number, unit = 'a'): string => unit.repeat((count << 20) / unit.length);

describe('a definition that is too much', () => {
  const deep = (open: string, close: string, depth: number, within = '1') =>
    `${open.repeat(depth)}${within}${close.repeat(depth)}`;
  const isTooDeep = expect.stringContaining('must not be more than 32 deep');

  it.each<[string, string, Json]>([
    ['eventfilter', 'deep objects', nestedObject(10_000, 'a', [1])],
    ['eventbridge', 'deep objects', nestedObject(10_000, 'a', [1])],
    ['eventfilter', 'deep lists', { a: nested(10_000) }],
    ['eventbridge', 'deep lists', { a: [{ 'anything-but': nested(10_000) }] }],
    ['cesql', 'parentheses', deep('(', ')', 400)],
    ['cesql', 'functions', deep('ABS(', ')', 300)],
    ['cesql', 'negations', deep('NOT ', '', 900, 'true')],
    ['cesql', 'minuses', deep('-', '', 900, '1')],
    ['cesql', 'sets', deep('1 IN (', ')', 200)],
    ['jsonpath', 'filters', deep('$[?@', ']', 1_000, '').replaceAll('@$', '@')],
    ['jsonpath', 'parentheses', `$[?${deep('(', ')', 1_500, '@')}]`],
    ['jsonpath', 'functions', `$[?${deep('length(', ')', 400, '@')} == 1]`],
  ])('%s refuses %s', (language, _, definition) => {
    expect(complaintOf(language, definition)).toEqual(isTooDeep);
  });

  it.each<[string, Json, string]>([
    [
      'eventfilter',
      { a: Array(3_000).fill('x') },
      'definition/a/1998 must not be one of more than',
    ],
    [
      'eventbridge',
      { a: Array(3_000).fill('x') },
      'definition/a/1998 must not be one of more than',
    ],
    ['eventfilter', { a: ['x'.repeat(1_025)] }, 'definition/a/0 must have at most 1024 characters'],
    ['eventbridge', { a: [{ wildcard: '*a'.repeat(513) }] }, 'must have at most 1024 characters'],
    ['eventfilter', { ['x'.repeat(1_025)]: [1] }, 'must have at most 1024 characters'],
    ['cesql', 'x'.repeat(4_097), 'must have at most 4096 characters'],
    ['cesql', '1+'.repeat(1_000), 'must have no more than 1000 words and symbols'],
    ['jsonpath', `$${'.a'.repeat(2_049)}`, 'must have at most 4096 characters'],
    ['jsonpath', `$${'.a'.repeat(129)}`, 'must not have more than 128 segments at character 257'],
    [
      'jsonpath',
      `$${'.a'.repeat(64)}[?@${'.a'.repeat(65)}]`,
      'must not have more than 128 segments',
    ],
  ])('%s refuses %.40j', (language, definition, complaint) => {
    expect(complaintOf(language, definition)).toContain(complaint);
  });

  it('may be as long as an expression may get', () => {
    const sum = `1${'+1'.repeat(499)} = 500`.replace('= 500', '');
    expect(reasonOf('cesql', sum, eventOf({}))?.expected).toBe('true or false, not Integer');
    const path = nestedObject(127, 'a');
    expect(matchesPayload('jsonpath', `$.payload${'.a'.repeat(127)}`, path)).toBe(true);
  });

  it('may say __proto__, NUL and half a character, which are names like others', () => {
    for (const name of ['__proto__', '\0', '\ud800', 'constructor']) {
      const payload: Json = JSON.parse(`{${JSON.stringify(name)}:"\\u0000\\udc00"}`);
      const pattern: Json = JSON.parse(`{"payload":{${JSON.stringify(name)}:["\\u0000\\udc00"]}}`);
      for (const language of ['eventfilter', 'eventbridge']) {
        expect(matchesPayload(language, pattern, payload)).toBe(true);
        expect(matchesPayload(language, pattern, {})).toBe(false);
      }
    }
    expect(matchesPayload('jsonpath', `$.payload['\\u0000']`, { '\0': 1 })).toBe(true);
    expect(matchesPayload('cesql', `'\0' = "\0" AND '\ud800' != '\ufffd'`)).toBe(true);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('x');
  });
});

describe('a payload that is too much', () => {
  /** Each asks for something that is not there. */
  const definitions: Readonly<Record<string, Json>> = {
    eventfilter: { payload: { a: [{ $gt: 1 }] } },
    eventbridge: { payload: { a: [{ prefix: 'x' }] } },
    cesql: `EXISTS nowhere`,
    jsonpath: '$.payload.a[?@.b == 1]',
  };

  it.each(languages)('that is deep does not harm %s', (language) => {
    const filter = filterOf(language, definitions[language] ?? null);
    for (const payload of [nested(100_000), nestedObject(100_000, 'a')]) {
      expect(answerOf(filter, inputOf(payload))).toBe(false);
      expect(answerOf(filter, inputOf({ a: payload }))).toBe(false);
    }
  });

  it.each(languages)('that is long is told of by %s in a short text', (language) => {
    const payload = { a: mebibytes(5), [mebibytes(1)]: Array(100_000).fill({ a: mebibytes(1) }) };
    const reason = reasonOf(language, definitions[language] ?? null, inputOf(payload));
    for (const shown of Object.values(reason ?? {}))
      expect(shown.length).toBeLessThanOrEqual(maxExcerpt);
  });

  it('that is deep is searched and compared through all the same', () => {
    expect(matchesPayload('jsonpath', '$..b', nested(50_000, { b: 1 }))).toBe(true);
    const query = '$[?@.l && @.l == @.r]';
    expect(matchesPayload('jsonpath', query, { l: nested(50_000), r: nested(50_000) })).toBe(true);
    expect(matchesPayload('jsonpath', query, { l: nested(50_000), r: nested(50_000, 2) })).toBe(
      false,
    );
    const pattern = { payload: { a: { b: [1] } } };
    expect(matchesPayload('eventbridge', pattern, { a: nested(100_000, { b: 1 }) })).toBe(true);
  });
});

describe('what would take too long is given up', () => {
  const expectGivenUp = (language: string, definition: Json, input = inputOf(null)) => {
    const filter = filterOf(language, definition);
    expect(answerOf(filter, input)).toBe(false);
    expect(filter.explain(input)?.expected).toBe(outOfSteps);
  };

  it.each(['(a*)*b', '(a|a)*b', '(a|aa)+b', '((a{1,20}){1,20})b', '.*.*.*.*.*b', 'a{0,900}b'])(
    'the expression %s takes time with the text, and no more',
    (expression) => {
      const query = `$.payload[?search(@, '${expression}')]`;
      expect(matchesPayload('jsonpath', query, ['a'.repeat(300)])).toBe(false);
      expect(matchesPayload('jsonpath', query, [`${'a'.repeat(300)}b`])).toBe(true);
    },
  );

  it('an expression on 5 MiB', () => {
    expectGivenUp('jsonpath', `$.payload[?match(@, '(a|b)*c')]`, inputOf([mebibytes(5)]));
  });

  it('expressions that come with the payload, one for each element', () => {
    const payload = Array.from({ length: 1_000 }, (_, i) => ({ e: `(a{0,${i}})*b`, t: 'aaa' }));
    expectGivenUp('jsonpath', '$.payload[?match(@.t, @.e)]', inputOf(payload));
  });

  it('descendants of descendants', () => {
    const payload = nestedObject(200, 'a', { a: [1, 2, 3] });
    expectGivenUp('jsonpath', '$..*..*..*..*..nowhere', inputOf(payload));
  });

  it('a comparison of every element with all of them', () => {
    const rows = Array(2_000).fill(Array(1_000).fill(0));
    const payload = { rows, other: [1, ...Array(999).fill(0)] };
    expectGivenUp('jsonpath', '$.payload.rows[?@ == $.payload.other]', inputOf(payload));
    expectGivenUp('jsonpath', '$.payload.rows[?count($..*) == 0]', inputOf(payload));
  });

  it('LIKE with many % on a long attribute', () => {
    const input = eventOf({ long: mebibytes(1) });
    expectGivenUp('cesql', `long LIKE '${'%a_'.repeat(100)}%b'`, input);
  });

  it('texts that double again and again', () => {
    const input = eventOf({ long: mebibytes(5) });
    const twice = (text: string): string => `CONCAT(${text},${text})`;
    expectGivenUp('cesql', `LENGTH(${twice(twice(twice(twice(twice('long')))))}) > 1`, input);
  });

  it('many alternatives for many elements', () => {
    const demands = Array.from({ length: 900 }, (_, i) => ({ prefix: `p${i}` }));
    expectGivenUp('eventbridge', { payload: demands }, inputOf(Array(5_000).fill('x')));
  });

  it('many combinations on many elements', () => {
    const some = (name: string) => ({
      $or: Array.from({ length: 30 }, (_, i) => ({ [`${name}${i}`]: [1] })),
    });
    const pattern = { payload: { list: { x: some('a'), y: some('b') } } };
    const payload = { list: Array(5_000).fill({ x: { a: 1 } }) };
    expectGivenUp('eventbridge', pattern, inputOf(payload));
  });
});

describe('5 MiB in one string', () => {
  const long = mebibytes(5, 'ab');

  it.each<[Json, boolean]>([
    [{ wildcard: '*ba*ba*' }, true],
    [{ wildcard: `*${'ab'.repeat(500)}c*` }, false],
    [{ wildcard: `*${'ab'.repeat(255)}c*ab` }, false],
    [{ prefix: 'ab' }, true],
    [{ suffix: { 'equals-ignore-case': 'AB' } }, true],
    [{ 'equals-ignore-case': 'ab' }, false],
    [{ cidr: '10.0.0.0/8' }, false],
    [{ 'anything-but': { wildcard: '*c*' } }, true],
  ])('is looked through for %.60j', (demand, expected) => {
    expect(matchesPayload('eventbridge', { payload: [demand] }, long)).toBe(expected);
  });

  it.each<[Json, boolean]>([
    [{ $startsWith: 'ab' }, true],
    [{ $ignoreCaseEquals: 'AB' }, false],
    [{ $not: 'ab' }, true],
    [{ $includes: 'ab' }, false],
  ])('is asked for %j', (demand, expected) => {
    expect(matchesPayload('eventfilter', { payload: [demand] }, long)).toBe(expected);
  });

  it.each([
    [`LENGTH(long) = ${long.length}`, true],
    [`UPPER(long) = LOWER(long)`, false],
    [`LEFT(TRIM(long), 2) = 'ab'`, true],
    ['long = 5', false],
  ])('is taken by %s: %s', (expression, expected) => {
    expect(answerOf(filterOf('cesql', expression), eventOf({ long }))).toBe(expected);
  });

  it('has a length in JSONPath', () => {
    expect(matchesPayload('jsonpath', `$[?length(@) == ${long.length}]`, long)).toBe(true);
  });
});
