import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJson, jsonDepth } from '../../src/domain/json-syntax.ts';

const depthOf = (text: string): number => jsonDepth(Buffer.from(`${text}\0`));
/** Both ways must say the same. */
const accepts = (text: string, depth = 32): boolean => {
  const accepted = isJson(Buffer.from(`${text}\0`), depth);
  const nested = depthOf(text);
  expect(nested >= 0 && nested <= depth).toBe(accepted);
  return accepted;
};

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const json = fc
  .tuple(fc.json({ stringUnit: 'grapheme' }), fc.constantFrom(undefined, 1, '\t'))
  .map(([text, indent]) => JSON.stringify(JSON.parse(text), null, indent));

/** What makes JSON of text and breaks it. */
const piece = fc.constantFrom(
  ...String.raw`{ } [ ] , : " \ \u \u00e \n 0 1 01 - + . e E5 1.5e-3 true null nul é`.split(' '),
  ...'\n\t \0\x1f\u2028\ufeff',
);

describe('the syntax of JSON', () => {
  it('takes what the parser takes', () => {
    fc.assert(fc.property(json, (text) => accepts(text)));
  });

  it('takes a text that was tampered with only if the parser does', () => {
    const tampered = fc
      .tuple(json, fc.nat(), fc.nat(3), fc.oneof(piece, fc.constant('')))
      .map(([text, place, cut, put]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + put + text.slice(at + cut);
      });
    fc.assert(
      fc.property(tampered, (text) => {
        expect(accepts(text)).toBe(parses(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes pieces put together only if the parser does', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        expect(accepts(text)).toBe(parses(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ...String.raw`{ [ " "\ "\u "\u12 "\x41" - 1. 1e 1e+ 01 -01 .5 +1 0x1 NaN Infinity`.split(' '),
    ...`{,} [,] [1, [1,] {"a" {"a": {"a":1, {"a":1,} {1:2} {"a":1] [1} "a"b 'a' tru`.split(' '),
    ...[String.raw`"\x0041"`, '{a":1}', '{"a"x1}', '["a\n]', '["a\n"]'],
    ...['', ' ', '1 2', '"\t"', '"\\u00g0"', '\v1', '1\f', '\u00a01', '\ufeff1', 'True', '[1]\0'],
  ])('does not take %j', (text) => {
    expect(accepts(text)).toBe(false);
    expect(parses(text)).toBe(false);
  });

  it.each([
    ...`0 -0 0.0 -12.50e+07 1E9 1e-400 true false null "" [] {}`.split(' '),
    ...[' \t\r\n1 \t\r\n', '9'.repeat(400), '[ ]', '{ }', ' { "a" : [ 1 , { } ] } '],
    ...[String.raw`"\"\\\/\b\f\n\r\t\uD800"`, '"\u2028é€😀\x7f"', '{"__proto__":1,"a":2,"a":3}'],
  ])('takes %j', (text) => {
    expect(accepts(text)).toBe(true);
    expect(parses(text)).toBe(true);
  });

  it.each([0, 1, 32, 100_000])('tells that %i lists are within one another', (depth) => {
    const arrays = (count: number) => '['.repeat(count) + ']'.repeat(count);
    const objects = (count: number) => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`;
    expect(depthOf(depth === 0 ? '1' : arrays(depth))).toBe(depth);
    expect(depthOf(objects(depth))).toBe(depth);
    expect(depthOf(`[{"a":${objects(depth)}},[],${depth === 0 ? '[]' : arrays(depth)}]`)).toBe(
      depth + 2,
    );
    expect(depthOf('['.repeat(depth))).toBe(-1);
    expect(depthOf(`${arrays(depth)}]`)).toBe(-1);
  });

  it.each([0, 1, 32, 512])('takes %i lists within one another and no more', (depth) => {
    const arrays = (count: number) => '['.repeat(count) + ']'.repeat(count);
    const objects = (count: number) => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`;
    expect(accepts(depth === 0 ? '1' : arrays(depth), depth)).toBe(true);
    expect(accepts(objects(depth), depth)).toBe(true);
    expect(accepts(arrays(depth + 1), depth)).toBe(false);
    expect(accepts(objects(depth + 1), depth)).toBe(false);
  });

  it('takes any number of lists beside one another', () => {
    expect(depthOf(`[${'{"a":[]},'.repeat(1_000)}{}]`)).toBe(3);
  });
});
