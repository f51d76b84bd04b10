import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asPosition, placeOf, recordPositionOf } from '../../src/domain/position.ts';

const position = fc.nat().map((place) => asPosition(String(place).padStart(16, '0')));

it('places within a record lie behind it in their order, and before the next record', () => {
  const [one, next] = [asPosition('0000000000000007'), asPosition('0000000000000008')];
  expect(placeOf(one, 0)).toBe(one);
  expect(placeOf(one, 12)).toBe('0000000000000007.00012');
  const places = [one, ...[1, 2, 9, 10, 99_999].map((index) => placeOf(one, index)), next];
  expect(places).toEqual(places.toSorted());
});

it('a place tells the record it lies in', () => {
  fc.assert(
    fc.property(position, fc.nat(99_999), (record, index) => {
      expect(recordPositionOf(placeOf(record, index))).toBe(record);
    }),
  );
  expect(recordPositionOf(asPosition('.00001'))).toBe('');
});
