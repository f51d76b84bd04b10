import type { GroupCommit } from './group-commit.ts';
import type { StreamIndex } from './stream-index/stream-index.ts';
import { everything } from './within-space.ts';

/** So many between two groups: the next one should not wait long. */
const commitsAtOnce = 16;

/**
 * Every group carries one write for the index, which is enough as long as groups are small. Behind
 * groups of thousands of events it gets commits of its own; how many it took is given back.
 */
export const keepIndexUp = (
  index: Pick<StreamIndex, 'isBehind'>,
  group: Pick<GroupCommit, 'commit'>,
): number => {
  let commits = 0;
  while (index.isBehind && commits < commitsAtOnce) {
    group.commit([], 0, everything);
    commits += 1;
  }
  return commits;
};
