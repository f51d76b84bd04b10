import { expect, it } from 'vitest';
import { given } from '../../src/domain/given.ts';

it('what was left out is no member, what was said to be nothing is one', () => {
  const members = given({ name: undefined, description: null, enabled: false, note: '' });
  expect(Object.entries(members)).toEqual([
    ['description', null],
    ['enabled', false],
    ['note', ''],
  ]);
});
