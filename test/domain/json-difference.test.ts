import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { differencesIn } from '../../src/domain/json-difference.ts';
import { pointedAt } from '../../src/domain/json-pointer.ts';

it.each<[Json | undefined, Json | undefined, object[]]>([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, { a: 2 }, [{ path: '/a', before: 1, after: 2 }]],
  [{ a: 1 }, {}, [{ path: '/a', before: 1 }]],
  [{}, { a: null }, [{ path: '/a', after: null }]],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, [{ path: '/a/c', before: 2, after: 3 }]],
  [{ a: [1, 2] }, { a: [1] }, [{ path: '/a', before: [1, 2], after: [1] }]],
  [{ a: {} }, { a: 1 }, [{ path: '/a', before: {}, after: 1 }]],
  [
    { 'a/b': 1, '~': 1 },
    { 'a/b': 2, '~': 2 },
    [
      { path: '/a~1b', before: 1, after: 2 },
      { path: '/~0', before: 1, after: 2 },
    ],
  ],
  [undefined, { a: 1 }, [{ path: '', after: { a: 1 } }]],
  [{ toString: 1 }, {}, [{ path: '/toString', before: 1 }]],
])('from %j to %j', (before, after, expected) => {
  expect(differencesIn(before, after)).toEqual(expected);
});

const json = fc.jsonValue() as fc.Arbitrary<Json>;
const objects = fc.dictionary(fc.string(), json, { noNullPrototype: true });

it('is empty for equals alone, and points at what there is', () => {
  fc.assert(
    fc.property(objects, objects, (before, after) => {
      expect(differencesIn(before, before)).toEqual([]);
      for (const { path, ...each } of differencesIn(before, after)) {
        if ('before' in each) expect(pointedAt(before, path)).toEqual(each.before);
        if ('after' in each) expect(pointedAt(after, path)).toEqual(each.after);
      }
    }),
  );
});
