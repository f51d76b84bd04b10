import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/domain/events.ts';
import { covers, expiry } from '../../../src/domain/expiry/decider.ts';
import { scenarios } from '../given.ts';

const given = scenarios(expiry);
const data = { after: '', upTo: '05', kept: [{ arrivalId: 'a', place: '03' }], also: [] };
const first: Fact<'PayloadsExpired'> = { type: 'PayloadsExpired', data };
const then = { after: '05', upTo: '09', kept: [], also: ['03'] };
const second: Fact<'PayloadsExpired'> = { type: 'PayloadsExpired', data: then };

describe('bodies that have become old', () => {
  it('expire stretch by stretch, and each stretch once', () => {
    given()
      .when({ type: 'ExpirePayloads', ...data })
      .expect(first);
    given(first)
      .when({ type: 'ExpirePayloads', ...data })
      .expect();
    given(first)
      .when({ type: 'ExpirePayloads', ...then })
      .expect(second);
    given()
      .when({ type: 'ExpirePayloads', ...then })
      .expect();
  });

  it('are kept as long as they are needed', () => {
    const after = expiry.evolve(expiry.initialState, first);
    expect([...after.kept]).toEqual([['03', 'a']]);
    expect([...expiry.evolve(after, second).kept]).toEqual([]);
  });

  it.each([
    ['01', true, false],
    ['03', false, true],
    ['05', true, false],
    ['05.00001', false, true],
    ['09', false, true],
    ['10', false, false],
  ])('are those of the stretch and not those kept: %s', (place, inFirst, inSecond) => {
    expect([covers(data, place), covers(then, place)]).toEqual([inFirst, inSecond]);
  });
});
