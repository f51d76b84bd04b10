import { expect, it } from 'vitest';
import { createMemo } from '../../src/domain/memo.ts';

const counting = (most: number) => {
  const made: string[] = [];
  const memo = createMemo(most, (key: string) => {
    made.push(key);
    return { key };
  });
  return { memo, made };
};

it('works a thing out once, and gives the same one again', () => {
  const { memo, made } = counting(2);
  const [a, b] = [memo('a'), memo('b')];
  expect([a, b]).toEqual([{ key: 'a' }, { key: 'b' }]);
  expect([memo('a'), memo('b')].map((each, at) => each === [a, b][at])).toEqual([true, true]);
  expect(made).toEqual(['a', 'b']);
});

it('forgets everything where one more would be too many', () => {
  const { memo, made } = counting(2);
  for (const key of ['a', 'b', 'c', 'c', 'a', 'c', 'b']) memo(key);
  expect(made).toEqual(['a', 'b', 'c', 'a', 'b']);
});

it('does not remember what failed', () => {
  let failing = true;
  const memo = createMemo(1, () => {
    if (failing) throw new RangeError('no such thing');
    return 1;
  });
  expect(() => memo('a')).toThrow(RangeError);
  failing = false;
  expect(memo('a')).toBe(1);
});
