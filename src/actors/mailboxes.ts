import { SlotMap } from '../domain/slot-map.ts';

export interface Mailboxes {
  /** Runs tasks of one key one after the other, in the order they came; other keys do not wait. */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Resolves when all that runs or waits now has ended, whatever comes meanwhile. */
  settled(): Promise<void>;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/** A task may fail before it has a promise to fail with. */
const begun = <Result>(task: () => Promise<Result>): Promise<Result> => {
  try {
    return task();
  } catch (error) {
    return Promise.reject(error);
  }
};

export const createMailboxes = (): Mailboxes => {
  const tails = new SlotMap<Promise<unknown>>();
  const ignore = () => undefined;
  const settled = async (): Promise<void> => {
    await Promise.all([...tails.values()].map((tail) => tail.catch(ignore)));
  };

  return {
    run(key, task) {
      const tail = tails.get(key);
      const turn = tail === undefined ? begun(task) : tail.then(task, task);
      tails.set(key, turn);
      const leave = () => {
        if (tails.get(key) === turn) tails.delete(key);
      };
      turn.then(leave, leave);
      return turn;
    },
    settled,
    async idle() {
      while (tails.size > 0) await settled();
    },
  };
};
