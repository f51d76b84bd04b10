import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoOf } from '../../src/domain/clock.ts';

describe('an instant as text', () => {
  it('is what Date writes, whatever was asked for before', () => {
    const instants = fc.oneof(
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
      fc.double({ min: -1e12, max: 4e12, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(instants), (all) => {
        for (const ms of all) expect(isoOf(ms)).toBe(new Date(ms).toISOString());
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('does not exist for %s', (ms) => {
    expect(() => isoOf(ms)).toThrow(RangeError);
  });
});
