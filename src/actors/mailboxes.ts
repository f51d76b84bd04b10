export interface Mailboxes {
  /** Runs tasks of one key one after the other, in the order they came; other keys do not wait. */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export const createMailboxes = (): Mailboxes => {
  const tails = new Map<string, Promise<unknown>>();
  const ignore = () => undefined;

  return {
    run(key, task) {
      const tail = tails.get(key);
      const turn = tail === undefined ? task() : tail.then(task, task);
      tails.set(key, turn);
      const leave = () => {
        if (tails.get(key) === turn) tails.delete(key);
      };
      turn.then(leave, leave);
      return turn;
    },
    async idle() {
      while (tails.size > 0)
        await Promise.all([...tails.values()].map((tail) => tail.catch(ignore)));
    },
  };
};
