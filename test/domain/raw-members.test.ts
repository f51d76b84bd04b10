import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawMembers } from '../../src/domain/raw-members.ts';

describe('the raw members of an object', () => {
  it('are what a parser makes of it, member by member', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    // Values may have members like `toString`, so nothing but the names may be compared.
    const byName = (members: readonly (readonly unknown[])[]) =>
      members.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    const blanks = fc.constantFrom(0, 1, '\t', ' \r\n');
    fc.assert(
      fc.property(object, blanks, (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = [...rawMembers(text)].map(([name, raw]) => [name, JSON.parse(raw)]);
        expect(byName(parsed)).toEqual(byName(Object.entries(JSON.parse(text))));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"n":12345678901234567890}', '12345678901234567890'],
    ['{"n":1.10 ,"m":2}', '1.10'],
    ['{ "n" : "a\\"},{" }', '"a\\"},{"'],
    ['{"m":{"n":1},"n":[ {"x":"]"} ]}', '[ {"x":"]"} ]'],
    ['{"n":1,"n":2}', '2'],
    ['{"\\u006e":3}', '3'],
    ['\n{"n":\n{}\n}\n', '{}'],
  ])('of %s are as they were written', (text, expected) => {
    expect(rawMembers(text).get('n')).toBe(expected);
  });

  it('are none where it has none', () => {
    expect([...rawMembers('{ }')]).toEqual([]);
  });
});
