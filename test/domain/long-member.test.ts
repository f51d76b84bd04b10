import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestMember } from '../../src/domain/long-member.ts';

const found = (text: string): string | undefined => {
  const bytes = Buffer.from(text);
  const stretch = longestMember(bytes);
  return stretch && bytes.toString('utf8', stretch.from, stretch.end);
};

describe('the longest member of an object', () => {
  it.each([
    ['{"a":1,"b":[1,2,{"c":"}"}],"d":"x"}', '[1,2,{"c":"}"}]'],
    [' { "a" : 1 , "b" : {"x":[1,2]} \n } ', '{"x":[1,2]}'],
    ['{"a":"\\"},:\\\\","b":2}', '"\\"},:\\\\"'],
    ['{"a":11,"b":22}', '11'],
    ['{}', undefined],
    ['[{"a":1}]', undefined],
    ['"a:b,"', undefined],
    ['12', undefined],
  ])('is found in %s', (text, expected) => {
    expect(found(text)).toBe(expected);
  });

  it('is as long as none other, however it is written', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(object, fc.nat(2), (members, space) => {
        const text = JSON.stringify(members, undefined, space);
        const values = Object.values(JSON.parse(text));
        const value = found(text) ?? '';
        const shortest = values.map((one) => Buffer.byteLength(JSON.stringify(one)));
        expect(Buffer.byteLength(value)).toBeGreaterThanOrEqual(Math.max(...shortest));
        expect(values.map((one) => JSON.stringify(one))).toContain(
          JSON.stringify(JSON.parse(value)),
        );
      }),
    );
  });
});
