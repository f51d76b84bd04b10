import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOf, hasProtoKey, maxDepth, maxKeys } from '../../src/http/json-limits.ts';

const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
const wide = (keys: number): Buffer =>
  Buffer.from(JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [i, i]))));

describe('the limits of JSON', () => {
  it('lets depth and keys through up to the limit and not beyond', () => {
    expect(excessOf(nested(maxDepth))).toBeUndefined();
    expect(excessOf(nested(maxDepth + 1))).toBe('too-deep');
    expect(excessOf(nested(400_000))).toBe('too-deep');
    expect(excessOf(wide(maxKeys))).toBeUndefined();
    expect(excessOf(wide(maxKeys + 1))).toBe('too-many-keys');
  });

  it('does not count what stands in strings', () => {
    const text = JSON.stringify({ a: `${'[{:'.repeat(20_000)}\\"${'['.repeat(50)}` });
    expect(excessOf(Buffer.from(text))).toBeUndefined();
  });

  it('never takes a small value for too much, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(excessOf(Buffer.from(JSON.stringify(value)))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void excessOf(bytes)));
  });
});

it.each([
  ['{"__proto__":1}', true],
  ['{"a":[{"__proto__":{}}]}', true],
  ['{"\\u005f_proto__":1}', true],
  ['{"a":"__proto__"}', false],
  ['["__proto__"]', false],
  ['null', false],
])('finds the key __proto__ in %s: %s', (text, found) => {
  expect(hasProtoKey(JSON.parse(text))).toBe(found);
});
