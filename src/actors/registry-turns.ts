import { beginning, type Position } from '../domain/position.ts';

/**
 * Changes of the registry and what is decided on it take turns: while something decided on it is
 * being recorded, a change waits, and while a change is under way, nothing is decided. So where no
 * other process writes, what was decided holds at its own place in the log as well.
 */
export interface RegistryTurns {
  /**
   * What ends the turn of something that is decided now, on a registry that has been folded up to
   * there; undefined while a change is asked for, or is not in that fold yet.
   */
  decideAt(folded: Position): (() => void) | undefined;
  change<Result extends { readonly position: Position | undefined }>(
    task: () => Promise<Result>,
  ): Promise<Result>;
}

export const createRegistryTurns = (): RegistryTurns => {
  let changes = 0;
  let decisions = 0;
  let changedUpTo = beginning;
  let waiting: (() => void)[] = [];

  const undecided = (): Promise<void> | undefined =>
    decisions === 0
      ? undefined
      : new Promise((resolve) => {
          waiting.push(resolve);
        });

  const ended = (): void => {
    decisions -= 1;
    if (decisions > 0) return;
    const go = waiting;
    waiting = [];
    for (const resolve of go) resolve();
  };

  return {
    decideAt(folded) {
      if (changes > 0 || folded < changedUpTo) return undefined;
      decisions += 1;
      let isOpen = true;
      return () => {
        if (isOpen) ended();
        isOpen = false;
      };
    },
    async change(task) {
      changes += 1;
      try {
        await undecided();
        const result = await task();
        if (result.position !== undefined && result.position > changedUpTo)
          changedUpTo = result.position;
        return result;
      } finally {
        changes -= 1;
      }
    },
  };
};
