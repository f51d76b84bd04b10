import { createCounters } from './counters.ts';
import { runHistory } from './history.ts';

export interface Failure {
  readonly seed: number;
  readonly steps: number;
  readonly broken: readonly string[];
  readonly tail: readonly string[];
}

export interface BatchResult {
  readonly histories: number;
  readonly steps: number;
  readonly facts: number;
  /** How many were run twice. */
  readonly again: number;
  readonly counters: readonly (readonly [name: string, count: number])[];
  readonly failures: readonly Failure[];
}

/** One in so many is run a second time, and must be the same. */
const everySoMany = 100;

const differs = async (seed: number, hash: string): Promise<boolean> =>
  (await runHistory({ seed })).hash !== hash;

/** The histories of seeds in a row. */
export const runBatch = async (from: number, count: number): Promise<BatchResult> => {
  const counters = createCounters();
  const failures: Failure[] = [];
  let [steps, facts, again] = [0, 0, 0];
  for (let seed = from; seed < from + count; seed += 1) {
    const history = await runHistory({ seed });
    const broken = [...history.broken];
    if (seed % everySoMany === 0) {
      again += 1;
      if (await differs(seed, history.hash)) broken.push('the same seed gave another history');
    }
    steps += history.steps;
    facts += history.log.length;
    for (const [name, times] of history.counters) counters.count(name, times);
    if (broken.length > 0)
      failures.push({ seed, steps: history.steps, broken, tail: history.tail });
  }
  return { histories: count, steps, facts, again, counters: [...counters.all], failures };
};
