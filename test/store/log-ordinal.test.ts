import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginning } from '../../src/domain/position.ts';
import { ordinalOf, positionOf } from '../../src/store/log-ordinal.ts';

const ordinal = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

it('a position has 16 digits', () => {
  expect(positionOf(9_007_199_254_740_991)).toBe('9007199254740991');
  expect(positionOf(42)).toBe('0000000000000042');
  expect(positionOf(0)).toBe(beginning);
});

it('a position tells its ordinal', () => {
  fc.assert(fc.property(ordinal, (of) => ordinalOf(positionOf(of)) === of));
});

it('positions compare like their ordinals', () => {
  fc.assert(
    fc.property(ordinal, ordinal, (left, right) => {
      expect(positionOf(left) < positionOf(right)).toBe(left < right);
    }),
  );
});
