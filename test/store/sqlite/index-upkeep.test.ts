import { expect, it } from 'vitest';
import { keepIndexUp } from '../../../src/store/sqlite/index-upkeep.ts';

/** An index that is so many writes behind. */
const commitsFor = (writes: number): number => {
  let left = writes;
  const index = {
    get isBehind() {
      return left > 0;
    },
  };
  const commit = (): number[] => {
    left -= 1;
    return [];
  };
  const commits = keepIndexUp(index, { commit });
  expect(left).toBe(writes - commits);
  return commits;
};

it.each([
  [0, 0],
  [5, 5],
  [16, 16],
  [100, 16],
])('an index that is %i writes behind gets %i commits before the next group', (writes, commits) => {
  expect(commitsFor(writes)).toBe(commits);
});
