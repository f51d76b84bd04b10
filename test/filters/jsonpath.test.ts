import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { parseJsonPath } from '../../src/filters/jsonpath/parser.ts';
import { Search } from '../../src/filters/jsonpath/search.ts';
import { Steps } from '../../src/filters/steps.ts';
import { answerOf, complaintOf, filterOf, inputOf, matchesPayload, reasonOf } from './filters.ts';

const shop: Json = {
  name: 'corner',
  open: true,
  owner: null,
  'odd key': { "it's": 1 },
  '☺': 'smile',
  items: [
    { sku: 'a', price: 5, tags: ['new', 'red'] },
    { sku: 'b', price: 10, tags: [] },
    { sku: 'c', price: 15.5, parts: { price: 2 } },
  ],
  limit: 10,
  numbers: [0, 1, 2, 3, 4, 5],
};

/** All that a query selects of a document, in order. */
const selected = (query: string, document: Json = shop): readonly Json[] => {
  const values: Json[] = [];
  new Search(document, new Steps()).visit(parseJsonPath(query), document, (value) => {
    values.push(value);
    return false;
  });
  return values;
};

describe('segments', () => {
  it.each<[string, readonly Json[]]>([
    ['$.name', ['corner']],
    [`$['name']`, ['corner']],
    ['$["name"]', ['corner']],
    ['$ .name', ['corner']],
    ['$\n[ "name" ]', ['corner']],
    [`$['odd key']["it's"]`, [1]],
    [`$['odd key']['it\\'s']`, [1]],
    ['$.☺', ['smile']],
    ['$["\\u263a"]', ['smile']],
    ['$.owner', [null]],
    ['$.nowhere', []],
    ['$.name.length', []],
    ['$.items.length', []],
    ['$.items[0].sku', ['a']],
    ['$.items[-1].sku', ['c']],
    ['$.items[3]', []],
    ['$.items[-4]', []],
    ['$.items["0"]', []],
    ['$.open[0]', []],
    ['$.items[*].sku', ['a', 'b', 'c']],
    ['$.items.*.sku', ['a', 'b', 'c']],
    [`$['odd key'].*`, [1]],
    ['$.name.*', []],
    ['$["open", "name", "open"]', [true, 'corner', true]],
    ['$.numbers[1:3]', [1, 2]],
    ['$.numbers[4:]', [4, 5]],
    ['$.numbers[:2]', [0, 1]],
    ['$.numbers[:]', [0, 1, 2, 3, 4, 5]],
    ['$.numbers[::2]', [0, 2, 4]],
    ['$.numbers[ 1 : 5 : 3 ]', [1, 4]],
    ['$.numbers[::-2]', [5, 3, 1]],
    ['$.numbers[4:1:-1]', [4, 3, 2]],
    ['$.numbers[-2:]', [4, 5]],
    ['$.numbers[:-4]', [0, 1]],
    ['$.numbers[::0]', []],
    ['$.numbers[9:]', []],
    ['$.numbers[-9:2]', [0, 1]],
    ['$.numbers[9::-4]', [5, 1]],
    ['$.numbers[-9::-1]', []],
    ['$.numbers[2:-9:-1]', [2, 1, 0]],
    ['$.numbers[0, 2:4, -1]', [0, 2, 3, 5]],
    ['$.name[0:1]', []],
    ['$..price', [5, 10, 15.5, 2]],
    ['$..["price"]', [5, 10, 15.5, 2]],
    ['$..tags[0]', ['new']],
    ['$.items..*', expect.arrayContaining(['new', 2])],
    ['$..nowhere', []],
  ])('%s', (query, expected) => {
    expect(selected(query)).toEqual(expected);
  });
});

describe('a filter selector', () => {
  const skus = (condition: string) => selected(`$.items[?${condition}].sku`);

  it.each<[string, string]>([
    ['@.tags', 'ab'],
    ['!@.tags', 'c'],
    ['@.tags[0]', 'a'],
    ['@.price > 5', 'bc'],
    ['@.price >= 5', 'abc'],
    ['@.price < 10', 'a'],
    ['@.price <= 10', 'ab'],
    ['@.price == 10', 'b'],
    ['@.price == 1e1', 'b'],
    ['@.price != 10', 'ac'],
    ['@.price == "10"', ''],
    ['@.price > "1"', ''],
    ['10 < @.price', 'c'],
    ['@.price == $.limit', 'b'],
    ['@.sku > "a"', 'bc'],
    [`@.sku == 'a' || @.sku == 'c'`, 'ac'],
    [`@.sku == 'a' && @.price == 10`, ''],
    [`@.sku == 'a' || @.sku == 'b' && @.price == 5`, 'a'],
    [`(@.sku == 'a' || @.sku == 'b') && @.price == 10`, 'b'],
    [`!(@.sku == 'a')`, 'bc'],
    [`! ( @.sku == 'a' )`, 'bc'],
    [`@.tags == $.items[0].tags`, 'a'],
    ['@.parts == $.items[2].parts', 'abc'.slice(2)],
    ['@.nowhere == @.neither', 'abc'],
    ['@.nowhere == null', ''],
    ['@.nowhere != null', 'abc'],
    ['@.nowhere <= @.neither', 'abc'],
    ['@.nowhere < 1', ''],
    ['true == true', 'abc'],
    ['null >= null', 'abc'],
    ['true > false', ''],
    ['$.open == true', 'abc'],
    ['@.parts[?@ > 1]', 'c'],
    ['length(@.tags) == 2', 'a'],
    ['length(@.sku) == 1', 'abc'],
    ['length(@.parts) == 1', 'c'],
    ['length(@.price) == length(@.nowhere)', 'abc'],
    ['count(@.tags[*]) == 0', 'bc'],
    ['count(@..price) == 2', 'c'],
    ['count( @.* ) > 3', ''],
    ['value(@..price) == 5', 'a'],
    ['value(@..price) == @.nowhere', 'c'],
    [`match(@.sku, '[ab]')`, 'ab'],
    [`match(@.price, '.*')`, ''],
    [`!match(@.sku, 'a')`, 'bc'],
    [`search(@.tags[1], 'e')`, 'a'],
    [`match(@.sku, $.items[0].sku)`, 'a'],
    [`match(@.sku, @.price)`, ''],
    [`match(@.sku, $['odd key']) || @.sku == 'c'`, 'c'],
  ])('%s: %s', (condition, expected) => {
    expect(skus(condition).join('')).toBe(expected);
  });

  it.each<[Json, Json, boolean]>([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [{}, [], false],
    ['', null, false],
    [0, false, false],
    [JSON.parse('{"__proto__":1}'), {}, false],
  ])('finds %j and %j equal: %s', (left, right, expected) => {
    expect(selected('$[?$.l == $.r]', { l: left, r: right }).length > 0).toBe(expected);
  });

  it('orders strings by their characters, not by halves of them', () => {
    const isBelow = (l: string, r: string) => selected('$[?$.l < $.r]', { l, r }).length > 0;
    expect(isBelow('\u{1f600}', '\uffee')).toBe(false);
    expect(isBelow('\uffee', '\u{1f600}')).toBe(true);
    expect(isBelow('\u{1f600}', '\u{1f601}')).toBe(true);
    expect(isBelow('a', '\u{1f600}')).toBe(true);
    expect(isBelow('a', 'ab')).toBe(true);
    expect(isBelow('ab', 'a')).toBe(false);
    expect(isBelow('a', 'a')).toBe(false);
  });

  it('counts characters, not halves of them', () => {
    expect(selected('$[?length(@) == 2]', ['\u{1f600}a', 'abc'])).toEqual(['\u{1f600}a']);
  });
});

describe('an expression of match and search', () => {
  const holds = (name: string, expression: string, text: string): boolean =>
    selected(`$[?${name}(@, $.expression)]`, { text, expression }).includes(text);

  it.each<[string, string, boolean]>([
    ['a|b', 'b', true],
    ['a|b', 'ab', false],
    ['', '', true],
    ['a*', 'aaa', true],
    ['a+', '', false],
    ['a?b', 'ab', true],
    ['a{2}', 'aa', true],
    ['a{2}', 'aaa', false],
    ['a{2,}', 'aaaa', true],
    ['a{2,3}', 'a', false],
    ['a{0,3}', '', true],
    ['(ab){2}c', 'ababc', true],
    ['(a|b)*c', 'abbac', true],
    ['(a*)*', 'aaa', true],
    ['.', '\u{1f600}', true],
    ['.', '\n', false],
    ['.', '\u2028', true],
    ['[a-c]', 'b', true],
    ['[a-c]', 'd', false],
    ['[^a-c]', 'd', true],
    ['[-a]', '-', true],
    ['[a-]', '-', true],
    ['[a-c-]', '-', true],
    ['[.*]', '*', true],
    ['[.*]', 'x', false],
    ['[\\]\\-]', ']', true],
    ['[\\p{Lu}0-9]+', 'Ä9', true],
    ['\\p{Lu}', 'a', false],
    ['\\P{Lu}', 'a', true],
    ['\\n\\t\\r', '\n\t\r', true],
    ['a\\.c', 'abc', false],
    ['\\(\\)', '()', true],
    ['^a$', 'a', true],
    ['a^', 'a', false],
  ])('%j takes the whole of %j: %s', (expression, text, expected) => {
    expect(holds('match', expression, text)).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['b$', 'abc', false],
    ['c$', 'abc', true],
    ['', '', true],
    ['b{2}', 'abab', false],
    ['(ab)+c', 'xababcx', true],
    ['\u{1f600}', 'x\u{1f600}', true],
  ])('%j finds a part of %j: %s', (expression, text, expected) => {
    expect(holds('search', expression, text)).toBe(expected);
  });

  it.each([
    '(',
    ')',
    '[',
    ']',
    '[]',
    '[z-a]',
    '*',
    'a**',
    'a{',
    'a{2',
    'a{3,2}',
    '\\d',
    '\\p{X}',
    '\\',
    '(?:a)',
    'a{1000}{1000}',
    '[a-\\p{L}]',
    '[[]',
  ])(
    '%j is none: it is refused where it stands, and holds of nothing where it is found',
    (expression) => {
      expect(complaintOf('jsonpath', `$[?search(@, ${JSON.stringify(expression)})]`)).toBe(
        'definition must have an expression of RFC 9485 as it at character 3',
      );
      expect(holds('search', expression, expression)).toBe(false);
    },
  );
});

describe('a filter', () => {
  it.each([
    ['$.payload.items[?@.price > 15]', true],
    ['$.payload.items[?@.price > 16]', false],
    ['$.payload.owner', true],
    ['$.payload.nowhere', false],
    [`$.headers[?@ == 'push']`, true],
    ['$[?@ == "github"]', true],
    ['$.query.dry', true],
    ['$', true],
  ])('%s: %s', (query, expected) => {
    expect(matchesPayload('jsonpath', query, shop)).toBe(expected);
  });

  it('finds no payload where the body is not JSON', () => {
    expect(matchesPayload('jsonpath', '$.payload')).toBe(false);
    expect(matchesPayload('jsonpath', '$.payload', null)).toBe(true);
  });

  it('sees no member that only the prototype has', () => {
    expect(matchesPayload('jsonpath', '$.payload.constructor', {})).toBe(false);
    expect(matchesPayload('jsonpath', '$.payload.__proto__', {})).toBe(false);
    expect(matchesPayload('jsonpath', '$..__proto__', JSON.parse('{"__proto__":1}'))).toBe(true);
  });

  it.each([
    [
      '$.payload.items[?@.price > 20].sku',
      { predicate: '[?@.price > 20]', path: '/payload/items' },
    ],
    [
      '$.payload.items[-1].parts.weight',
      { predicate: '.weight', path: '/payload/items/2/parts', seen: '{"price":2}' },
    ],
    [`$.payload['odd key']["x"]`, { predicate: '["x"]', path: '/payload/odd key' }],
    ['$.payload.items[*].colour', { predicate: '.colour', path: '/payload/items' }],
    ['$..nowhere', { predicate: '..nowhere', path: '' }],
  ])('tells of %s what selected nothing', (query, reason) => {
    const expected = 'at least one value that this selects';
    expect(reasonOf('jsonpath', query, inputOf(shop))).toMatchObject({
      language: 'jsonpath',
      expected,
      ...reason,
    });
  });

  it('goes on behind a branch that leads nowhere', () => {
    const filter = filterOf('jsonpath', '$.payload[*].a.b');
    expect(answerOf(filter, inputOf([{ a: 1 }, { c: 1 }, { a: { b: 0 } }]))).toBe(true);
  });
});

describe('a mistake', () => {
  it.each([
    ['', 'must have a $ at character 0'],
    ['a', 'must have a $ at character 0'],
    [' $', 'must have a $ at character 0'],
    ['$ ', 'must end or have a segment at character 1'],
    ['$.', 'must have a name or * at character 2'],
    ['$. a', 'must have a name or * at character 2'],
    ['$..', 'must have a name or * at character 3'],
    ['$...a', 'must have a name or * at character 3'],
    ['$.1', 'must have a name or * at character 2'],
    ['$.a-b', 'must end or have a segment at character 3'],
    ['$[]', 'must have a name, an index, a slice, * or ? at character 2'],
    ['$[a]', 'must have a name, an index, a slice, * or ? at character 2'],
    ['$[0', 'must have a ] at character 3'],
    ['$[0,]', 'must have a name, an index, a slice, * or ? at character 4'],
    ['$[01]', 'must have an integer without leading zeros at character 2'],
    ['$[-0]', 'must have an integer without leading zeros at character 2'],
    ['$[9007199254740992]', 'must have a smaller integer at character 2'],
    ['$[1.0]', 'must have a ] at character 3'],
    ['$[0:1:2:3]', 'must have a ] at character 7'],
    [`$['a`, 'must have an end of its string at character 2'],
    [`$['\\x']`, 'must not have \\x at character 3'],
    [`$["\\'"]`, `must not have \\' at character 3`],
    [`$['\n']`, 'must not have a control character at character 3'],
    [`$['\\ud800']`, 'must not have half a character at character 5'],
    [`$['\\udc00\\ud800']`, 'must not have half a character at character 5'],
    [`$['\\u12g4']`, 'must have four hexadecimal digits at character 5'],
    ['$[?]', 'must have a query, a function or a literal at character 3'],
    ['$[?true]', 'must have a comparison with this value at character 3'],
    ['$[?@.a = 1]', 'must have a ] at character 7'],
    ['$[?@.a == ]', 'must have a query, a function or a literal at character 10'],
    ['$[?@.a == []]', 'must have a query, a function or a literal at character 10'],
    ['$[?@.a == 01]', 'must have a ] at character 11'],
    ['$[?@.* == 1]', 'must have a query here that selects one value at most at character 3'],
    ['$[?1 == @..a]', 'must have a query here that selects one value at most at character 8'],
    ['$[?!@.a == 1]', 'must have a ] at character 8'],
    ['$[?(@.a]', 'must have a ) at character 7'],
    ['$[?@.a && ]', 'must have a query, a function or a literal at character 10'],
    ['$[?@.a and @.b]', 'must have a ] at character 7'],
    ['$[?shout(@.a)]', 'calls shout, which there is not, at character 3'],
    ['$[?length(@.a)]', 'must have a comparison with this value at character 3'],
    [
      '$[?length(@.*) == 1]',
      'must have a query here that selects one value at most at character 10',
    ],
    ['$[?length() == 1]', 'must have a query, a function or a literal at character 10'],
    ['$[?length(@.a, 1) == 1]', 'must have a ) at character 13'],
    ['$[?count(1) == 1]', 'must have a query at character 9'],
    ['$[?count (@.a) == 1]', 'must have a query, a function or a literal at character 3'],
    [`$[?match(@.a, 'a') == true]`, 'must not compare what is true or false itself at character 3'],
    [`$[?match(@.a)]`, 'must have a , at character 12'],
  ])('in %j is refused where it stands', (query, complaint) => {
    expect(complaintOf('jsonpath', query)).toBe(`definition ${complaint}`);
  });

  it.each([[null], [5], [['$']], [{}]])('is %j: no text', (definition) => {
    expect(complaintOf('jsonpath', definition)).toBe('definition must be a string');
  });
});
