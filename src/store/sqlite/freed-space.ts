import type { Connection } from './database.ts';

/** Of free pages so many are kept for what comes next. */
const keptPages = 256;
/** Of each commit: those who come meanwhile wait for no more. */
const pagesAtOnce = 64;
/** Under load, at most one such commit in this time. */
const pauseMs = 250;

export interface FreedSpace {
  /** Gives back a little now and then, however much there is to do; how many pages that wrote. */
  whenDue(now: number): number;
  /** The same with nothing else to do: 0 says that there is no more. */
  whenIdle(): number;
}

/**
 * Pages that nothing lies in any more go back to the file system, by moving the last ones of the
 * file into their place: in commits of their own, each of which may be the last before a kill. The
 * file itself is cut by the next checkpoint. A file of an earlier release keeps what it has once
 * taken, for what comes next.
 */
export const createFreedSpace = (db: Connection): FreedSpace => {
  const isPossible = db.pragma('auto_vacuum', { simple: true }) === 2;
  let lookedAt = 0;
  const giveBack = (): number => {
    if (!isPossible) return 0;
    const free = db.pragma('freelist_count', { simple: true }) as number;
    const pages = Math.min(free - keptPages, pagesAtOnce);
    if (pages <= 0) return 0;
    db.pragma(`incremental_vacuum(${pages})`);
    return pages;
  };
  return {
    whenDue: (now) => {
      if (now - lookedAt < pauseMs) return 0;
      lookedAt = now;
      return giveBack();
    },
    whenIdle: giveBack,
  };
};
