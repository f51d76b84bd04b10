import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { maxExcerpt } from '../../src/filters/excerpt.ts';
import { filterLanguages } from '../../src/filters/index.ts';
import type { Filter } from '../../src/filters/language.ts';
import { complaintOf, filterOf, inputOf } from './filters.ts';

/** Few names and values, so that definitions and payloads meet. */
const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const text = fc.constantFrom('', 'a', 'A', 'ab', 'ba', 'b*', '1', '\0', '\ud800', '\u{1f600}');
const number = fc.constantFrom(-1, 0, 1, 2, 1.5);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));

const objectOf = <Value extends Json>(member: fc.Arbitrary<Value>, least = 0) =>
  fc
    .uniqueArray(fc.tuple(name, member), {
      selector: ([own]) => own,
      minLength: least,
      maxLength: 3,
    })
    .map((members): Json => JSON.parse(JSON.stringify(Object.fromEntries(members))));

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    objectOf(tie('value')),
  ),
})).value;

const operator = (names: readonly string[], argument: fc.Arbitrary<Json>) =>
  fc.tuple(fc.constantFrom(...names), argument).map(([own, value]): Json => ({ [own]: value }));

const eventFilters = fc.letrec<{ filter: Json }>((tie) => ({
  filter: objectOf(
    fc.oneof(
      { maxDepth: 3 },
      fc.array(text, { maxLength: 2 }),
      fc.array(number, { maxLength: 2 }),
      fc.array(
        fc.oneof(
          operator(['$startsWith', '$endsWith', '$ignoreCaseEquals'], text),
          operator(['$gt', '$lt', '$gte', '$lte', '$not', '$anythingBut', '$includes'], number),
          operator(['$exists', '$isNull'], fc.boolean()),
        ),
        { maxLength: 3 },
      ),
      tie('filter'),
    ),
  ),
})).filter;

const demand = fc.oneof(
  scalar,
  operator(['prefix', 'suffix', 'equals-ignore-case'], text),
  operator(['anything-but'], fc.oneof(text, number, operator(['suffix'], fc.constant('b')))),
  operator(['exists'], fc.boolean()),
  operator(['wildcard'], fc.constantFrom('*', 'a*', '*b', 'a*b*a', '')),
  operator(['numeric'], fc.constantFrom(['>', 0], ['=', 1], ['>=', 0, '<', 2])),
);

const eventPatterns = fc.letrec<{ pattern: Json }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3 },
    objectOf(fc.oneof(fc.array(demand, { minLength: 1, maxLength: 3 }), tie('pattern')), 1),
    fc.tuple(tie('pattern'), tie('pattern')).map((either): Json => ({ $or: either })),
  ),
})).pattern;

const attribute = fc.constantFrom('a', 'b', 'id', 'nowhere', '1', `'1'`, `'ab'`, 'true', '-1');

const expressions = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    attribute,
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('AND', 'OR', 'XOR', '=', '!=', '<', '>=', '+', '-', '*', '/', '%'),
        tie('expression'),
      )
      .map(([left, own, right]) => `(${left} ${own} ${right})`),
    tie('expression').map((inner) => `NOT ${inner}`),
    tie('expression').map((inner) => `LENGTH(${inner})`),
    tie('expression').map((inner) => `(${inner} LIKE 'a%')`),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([left, right]) => `(${left} IN (${right}))`),
    fc.constantFrom('EXISTS a', 'EXISTS nowhere'),
  ),
})).expression;

const conditions = fc.constantFrom(
  '@',
  '@.a',
  '!@.b',
  '@.a == 1',
  '@ > 0',
  '@.a == @.b',
  'length(@) > 1',
  'count(@..*) > 2',
  `match(@, 'a.*')`,
  `search(@.a, 'b')`,
);

const segment = fc.oneof(
  name.map((own) => `['${own}']`),
  name.map((own) => `..['${own}']`),
  fc.constantFrom('[*]', '[0]', '[-1]', '[0:2]', '..*'),
  conditions.map((condition) => `[?${condition}]`),
);

const definitions: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  eventfilter: eventFilters.map((payload): Json => ({ payload })),
  eventbridge: eventPatterns.map((payload): Json => ({ payload })),
  cesql: expressions,
  jsonpath: fc.array(segment, { maxLength: 3 }).map((segments) => `$.payload${segments.join('')}`),
};

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
};

const inputs = fc
  .tuple(json, fc.option(text, { nil: undefined }), fc.option(number, { nil: undefined }))
  .map(([payload, a, b]) =>
    frozen(
      inputOf(payload, {
        attributes: {
          ...inputOf(null).attributes,
          ...(a !== undefined && { a }),
          ...(b !== undefined && { b }),
        },
      }),
    ),
  );

/** Some that are generated are no definitions, as one that asks for a field twice. */
const compiled = (language: string, definition: Json): Filter => {
  fc.pre(complaintOf(language, definition) === undefined);
  return filterOf(language, definition);
};

it('every language has its definitions here', () => {
  expect(Object.keys(definitions)).toEqual([...filterLanguages.keys()]);
});

describe.each(Object.entries(definitions))('%s', (language, arbitrary) => {
  it('explains exactly what does not match', () => {
    let matched = 0;
    let tried = 0;
    fc.assert(
      fc.property(arbitrary, inputs, (definition, input) => {
        const filter = compiled(language, frozen(definition));
        const reason = filter.explain(input);
        expect(reason === undefined).toBe(filter.matches(input));
        if (reason !== undefined) expect(reason.language).toBe(language);
        matched += reason === undefined ? 1 : 0;
        tried += 1;
      }),
      { numRuns: 500 },
    );
    expect(matched).toBeGreaterThan(tried / 20);
    expect(matched).toBeLessThan(tried);
  });

  it('answers the same however often it is asked, and whatever it was asked before', () => {
    fc.assert(
      fc.property(arbitrary, inputs, inputs, (definition, first, second) => {
        const filter = compiled(language, definition);
        const alone = filterOf(language, definition).explain(second);
        filter.explain(first);
        expect(filter.explain(second)).toEqual(alone);
      }),
    );
  });

  it('tells of what it saw in a bounded text', () => {
    fc.assert(
      fc.property(arbitrary, fc.array(fc.string({ unit: 'binary' })), (definition, texts) => {
        const payload = [texts.join('').repeat(50), { [texts.join('')]: texts }];
        const reason = compiled(language, definition).explain(inputOf(payload));
        for (const shown of Object.values(reason ?? {})) {
          expect(shown.length).toBeLessThanOrEqual(maxExcerpt);
          expect(shown).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
  });

  it('compiles or refuses whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.string(), expressions, eventPatterns), (definition) => {
        const complaint = complaintOf(language, definition);
        if (complaint !== undefined) expect(complaint).toMatch(/^definition[ /]/);
      }),
    );
  });
});
