import { expect, it } from 'vitest';
import { waitIn } from '../../src/http/preference.ts';

it.each([
  [undefined, 0],
  ['', 0],
  ['wait=10', 10],
  ['Wait = 10', 10],
  ['wait="10"', 10],
  ['respond-async, wait=10', 10],
  ['wait=10; foo=bar, respond-async', 10],
  ['wait=10, wait=20', 10],
  ['foo="a, wait=5", wait=7', 7],
  ['foo="a\\", wait=5', 0],
  ['foo; wait=5', 0],
  ['waiting=5', 0],
  ['wait', 0],
  ['wait=', 0],
  ['wait=soon, wait=5', 0],
  ['wait=-5', 0],
  ['wait=1.5', 0],
  ['wait=1e3', 0],
  ['wait=0', 0],
  ['wait=61', 60],
  ['wait=999999999', 60],
  ['wait=9999999999', 0],
  [`${'"'.repeat(9_999)}, wait=5`, 0],
])('the wait in %j is %i', (header, expected) => {
  expect(waitIn(header)).toBe(expected);
});
