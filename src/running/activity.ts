/** Counts what is under way and tells when nothing is. */
export interface Activity {
  begin(): void;
  end(): void;
  readonly count: number;
  /** Resolves at once, or as soon as at most `most` are under way. */
  downTo(most: number): Promise<void>;
}

interface Waiter {
  readonly most: number;
  readonly resolve: () => void;
}

export const createActivity = (): Activity => {
  let count = 0;
  let waiters: Waiter[] = [];

  return {
    begin() {
      count += 1;
    },
    end() {
      count -= 1;
      if (waiters.length === 0) return;
      const satisfied = waiters.filter(({ most }) => count <= most);
      waiters = waiters.filter(({ most }) => count > most);
      for (const { resolve } of satisfied) resolve();
    },
    get count() {
      return count;
    },
    downTo: (most) =>
      count <= most
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push({ most, resolve });
          }),
  };
};
