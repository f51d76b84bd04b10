import { isLane } from '../../domain/ids.ts';
import { type AppendBatch, appendsIn, outcomes } from './append-batch.ts';
import type { Ballast } from './ballast.ts';
import { sqliteCode } from './database.ts';
import type { Allowance, GroupCommit } from './group-commit.ts';

export const everything: Allowance = { append: () => true, index: true };
/** Outcomes of calls that are running may use the reserve; new work may not, and the index waits. */
const outcomesOfCalls: Allowance = {
  append: isLane,
  index: false,
};

const allowances = (isSpent: boolean, once: boolean): readonly Allowance[] => {
  if (isSpent) return [outcomesOfCalls];
  return once ? [everything] : [everything, outcomesOfCalls];
};

/** Without a look at the disk, which has no space even for less. */
const refuseAll = (batch: AppendBatch): number[] =>
  [...appendsIn(batch)].flatMap(() => [outcomes.diskFull, 0, 0]);

/**
 * Commits a group with as much of it as the disk has space for: all of it, or with the reserve let
 * go the outcomes of running calls, or nothing.
 */
export const commitWithinSpace = (
  group: GroupCommit,
  ballast: Pick<Ballast, 'spent' | 'release'>,
  batch: AppendBatch,
  now: number,
  payloads?: Uint8Array,
): number[] => {
  // What came before its group is gone after the first try.
  const once = group.isTaking;
  for (const allowance of allowances(ballast.spent, once)) {
    try {
      return group.commit(batch, now, allowance, payloads);
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
      ballast.release();
    }
  }
  return refuseAll(batch);
};
