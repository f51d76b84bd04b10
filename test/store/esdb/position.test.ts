import { describe, expect, it } from 'vitest';
import { asPosition, beginning } from '../../../src/domain/position.ts';
import { type EsdbPosition, placeOf, positionOf } from '../../../src/store/esdb/position.ts';
import { withCode } from '../contract/with-code.ts';

describe('a position on EventStoreDB', () => {
  const places: readonly EsdbPosition[] = [
    { commit: 0n, prepare: 0n },
    { commit: 9n, prepare: 9n },
    { commit: 10n, prepare: 9n },
    { commit: 10n, prepare: 10n },
    { commit: 2n ** 63n, prepare: 2n ** 63n },
  ];

  it('sorts as text the way the log goes, and leads back to its place', () => {
    const positions = places.map(positionOf);
    expect(positions[1]).toBe('00000000000000000009/00000000000000000009');
    expect(positions.toReversed().sort()).toEqual(positions);
    expect(positions.map(placeOf)).toEqual(places);
  });

  it('may be either end of the log', () => {
    expect([placeOf('start'), placeOf(beginning), placeOf('end')]).toEqual([
      'start',
      'start',
      'end',
    ]);
  });

  const [number] = positionOf({ commit: 7n, prepare: 7n }).split('/');

  it.each([`${number}`, `${number}/`, `x${number}/${number}`, `${number}/${number}x`, '7/7'])(
    'is refused where another store gave it out: %s',
    (text) => {
      expect(() => placeOf(asPosition(text))).toThrow(withCode('validation-failed'));
      expect(() => placeOf(asPosition(text))).toThrow(`'${text}' is not a position of this store`);
    },
  );
});
