import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { compileSchema } from '../../src/schemas/schema.ts';
import { refusalOf } from './refusal.ts';

const isValid = (schema: Json, value: Json) => compileSchema(schema).check(value).length === 0;

/** As text: an object with `then` is taken for a promise. */
const conditional = JSON.parse(
  '{"if": {"minimum": 5}, "then": {"maximum": 6}, "else": {"const": 0}}',
);

describe('a schema', () => {
  it.each<[string, Json, readonly Json[], readonly Json[]]>([
    ['type', { type: 'integer' }, [1, 1.0], [1.5, '1', null]],
    ['types', { type: ['string', 'null'] }, ['a', null], [1, {}]],
    ['const', { const: { a: 1, b: [2] } }, [{ b: [2], a: 1 }], [{ a: 1 }, null]],
    ['enum', { enum: [1, 'a', [0]] }, [1, 'a', [0]], [0, [], true]],
    ['multipleOf', { multipleOf: 0.1 }, [0.3, 1e300, -2], [0.35]],
    ['bounds', { minimum: 1, exclusiveMaximum: 3 }, [1, 2.9, 'x'], [0.9, 3]],
    ['lengths', { minLength: 1, maxLength: 2 }, ['💩💩', 'a', 5], ['', 'abc']],
    ['pattern', { pattern: '^\\d{2}(?:-\\w)?$' }, ['12', '12-x', 1], ['1', 'a12', '12-']],
    ['properties', { properties: { a: { type: 'string' } } }, [{ a: '' }, [], {}], [{ a: 1 }]],
    [
      'additionalProperties',
      { properties: { a: true }, patternProperties: { '^x': true }, additionalProperties: false },
      [{ a: 1, xy: 2 }],
      [{ b: 1 }],
    ],
    ['required', { required: ['toString'] }, [{ toString: 1 }, 3], [{}]],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, [{}, { a: 1, b: 1 }], [{ a: 1 }]],
    ['propertyNames', { propertyNames: { maxLength: 1 } }, [{ a: 1 }], [{ ab: 1 }]],
    ['sizes', { minProperties: 1, maxItems: 1 }, [{ a: 1 }, [1]], [{}, [1, 2]]],
    ['items', { prefixItems: [{ const: 1 }], items: { const: 2 } }, [[1, 2, 2], []], [[2], [1, 1]]],
    ['contains', { contains: { const: 1 }, maxContains: 1 }, [[1, 2]], [[], [1, 1]]],
    [
      'uniqueItems',
      { uniqueItems: true },
      [[1, '1']],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
    ],
    ['anyOf', { anyOf: [{ const: 1 }, { type: 'string' }] }, [1, 'a'], [2]],
    ['oneOf', { oneOf: [{ minimum: 1 }, { minimum: 2 }] }, [1], [0, 2]],
    ['not', { not: { const: 1 } }, [2], [1]],
    ['if', conditional, [5, 0], [7, 1]],
    [
      'unevaluatedProperties',
      { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
      [{ a: 1 }],
      [{ b: 1 }],
    ],
    [
      'a list of itself',
      { properties: { next: { $ref: '#' } }, required: ['v'] },
      [{ v: 1 }],
      [{ v: 1, next: {} }],
    ],
    ['an anchor', { $defs: { a: { $anchor: 'x', const: 1 } }, $ref: '#x' }, [1], [2]],
    ['format, which says nothing', { format: 'email' }, ['no'], []],
  ])('knows %s', (_, schema, right, wrong) => {
    expect(right.filter((value) => !isValid(schema, value))).toEqual([]);
    expect(wrong.filter((value) => isValid(schema, value))).toEqual([]);
  });

  it('tells each mistake by a pointer, what it wanted and what it saw', () => {
    const schema = compileSchema({
      required: ['id'],
      properties: { 'a/b': { items: { type: 'integer' } }, name: { maxLength: 2 } },
    });
    expect(schema.check({ 'a/b': [1, 'x'], name: 'long' })).toEqual([
      { pointer: '/a~1b/1', expected: 'must be of type integer', seen: '"x"' },
      { pointer: '/name', expected: 'must have at most 2 characters', seen: '"long"' },
      { pointer: '', expected: 'must have the member "id"', seen: 'an object' },
    ]);
  });

  it('tells at most twenty mistakes', () => {
    expect(compileSchema({ items: false }).check(Array.from({ length: 50 }, () => 1))).toHaveLength(
      20,
    );
  });
});

describe('what is no schema', () => {
  it.each<[Json, string]>([
    [1, 'schema'],
    [{ type: 'text' }, 'schema/type'],
    [{ properties: { 'a/b': { minimum: '1' } } }, 'schema/properties/a~1b/minimum'],
    [{ allOf: [true, 3] }, 'schema/allOf/1'],
    [{ pattern: '(a)\\1' }, 'schema/pattern'],
    [{ pattern: '(?=a)' }, 'schema/pattern'],
    [{ patternProperties: { '[': true } }, 'schema/patternProperties/['],
    [{ $ref: 'https://example.com/schema' }, 'schema/$ref'],
    [{ $ref: '#/$defs/none' }, 'schema/$ref'],
    [{ $ref: '#' }, 'schema'],
    [
      { $defs: { a: { $ref: '#/$defs/b' }, b: { anyOf: [{ $ref: '#/$defs/a' }] } } },
      'schema/$defs/a',
    ],
    [{ items: { $dynamicRef: '#a' } }, 'schema/items/$dynamicRef'],
    [{ items: { $id: 'urn:a' } }, 'schema/items/$id'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, 'schema/$schema'],
    [{ description: 'x'.repeat(65_536) }, 'schema'],
  ])('is refused at its place: %j', (schema, field) => {
    expect(refusalOf(() => compileSchema(schema))).toEqual([field]);
  });

  it('is what is nested too deep, too large, or has too many patterns', () => {
    const deep = Array.from({ length: 40 }).reduce<Json>((inner) => ({ not: inner }), {});
    expect(refusalOf(() => compileSchema(deep))).toHaveLength(1);
    expect(
      refusalOf(() => compileSchema({ allOf: Array.from({ length: 2_001 }, () => true) })),
    ).toEqual(['schema/allOf/1999']);
    const patterns = Array.from({ length: 101 }, (_, index) => [`a${index}`, true]);
    const many = { patternProperties: Object.fromEntries(patterns) };
    expect(refusalOf(() => compileSchema(many))).toEqual(['schema/patternProperties/a100']);
  });
});

describe('a hostile schema', () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => {
      const next = { $ref: `#/$defs/d${index + 1}` };
      return [`d${index}`, { allOf: [next, next] }];
    }),
  );

  it.each<[string, Json, Json]>([
    [
      'doubles at each reference',
      { $defs: { ...doubling, d30: { type: 'string' } }, $ref: '#/$defs/d0' },
      'a',
    ],
    [
      'has a pattern that others backtrack on',
      { pattern: '^((a+)+)+$' },
      `${'a'.repeat(300_000)}b`,
    ],
    [
      'compares what is long again and again',
      { allOf: Array.from({ length: 500 }, () => ({ uniqueItems: true })) },
      Array.from({ length: 9_000 }, (_, index) => index),
    ],
    [
      'counts the members of what is large',
      { allOf: Array.from({ length: 1_500 }, () => ({ maxProperties: 1_000_000 })) },
      Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`a${index}`, 1])),
    ],
  ])('that %s ends, and lets nothing through', (_, schema, value) => {
    expect(compileSchema(schema).check(value)).toMatchObject([
      { pointer: '', expected: 'must be checkable in fewer steps' },
    ]);
  });

  it('that follows references without an end in the value does not exhaust the stack', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, index) => [`d${index}`, { $ref: `#/$defs/d${index + 1}` }]),
    );
    const schema = { $defs: { ...chain, d1500: { const: 1 } }, $ref: '#/$defs/d0' };
    expect(compileSchema(schema).check(1)).toHaveLength(1);
  });
});
