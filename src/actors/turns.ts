import { createMailboxes } from './mailboxes.ts';

/** Who works for a holder of names, and who only wants to take a name from it. */
export interface Turns {
  /** One piece of work at a time per holder. */
  work<Result>(holder: string, task: () => Promise<Result>): Promise<Result>;
  /**
   * `task` runs while nobody works for `holder`; answers `busy` at once where somebody does, so that
   * two holders that want each other's names cannot wait for each other.
   */
  between<Result>(holder: string, task: () => Promise<Result>, busy: Result): Promise<Result>;
}

export const createTurns = (): Turns => {
  const mailboxes = createMailboxes();
  const working = new Map<string, number>();

  const count = (holder: string, change: number): void => {
    const now = (working.get(holder) ?? 0) + change;
    if (now === 0) working.delete(holder);
    else working.set(holder, now);
  };

  return {
    async work(holder, task) {
      count(holder, 1);
      try {
        return await mailboxes.run(holder, task);
      } finally {
        count(holder, -1);
      }
    },
    between: async (holder, task, busy) =>
      working.has(holder) ? busy : await mailboxes.run(holder, task),
  };
};
