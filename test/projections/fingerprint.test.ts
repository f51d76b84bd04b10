import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fingerprintOf, hasFingerprint } from '../../projections/fingerprint.ts';

it('is found in any row it was written in', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
      const row = texts.map(fingerprintOf).join('');
      for (const text of texts) expect(hasFingerprint(row, fingerprintOf(text))).toBe(true);
    }),
  );
});

it.each([
  ['', 'abcd', false],
  ['abcd', 'abcd', true],
  ['xxxxabcd', 'abcd', true],
  ['xabcdxxx', 'abcd', false],
  ['xxabcdxxabcd', 'abcd', true],
  ['abababab', 'baba', false],
  ['xaaaaaaa', 'aaaa', true],
  ['xaaaaxxx', 'aaaa', false],
])('is only what begins where one begins: in %j, %j: %s', (row, fingerprint, has) => {
  expect(hasFingerprint(row, fingerprint)).toBe(has);
});

it("has one length, whatever it is of, and hardly ever is another one's", () => {
  const many = Array.from({ length: 1_000 }, (_, n) => fingerprintOf(`invocation-${n}`));
  expect(new Set(many.map(({ length }) => length))).toEqual(new Set([4]));
  // Of a thousand among 16 million, one pair alike is a rare thing; ten would be a broken one.
  expect(new Set(many).size).toBeGreaterThan(990);
});
