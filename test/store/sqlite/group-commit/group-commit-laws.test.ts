import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { type Fault, faultKinds, writingSteps } from './faults.ts';
import { history, type Step } from './history.ts';
import { createPair } from './pair.ts';

/** Tells both of the steps, compares them, and again after a restart. */
const live = (dataDir: string, steps: readonly Step[], onStruck: (fault: Fault) => void): void => {
  mkdirSync(dataDir);
  const pair = createPair(dataDir, onStruck);
  try {
    for (const step of steps) pair.take(step);
    pair.compareAll();
    pair.reopen();
    pair.compareAll();
  } finally {
    pair.close();
  }
};

/** Has a bit of everything: merges of each level, a stream that comes back, a fault at some step. */
const round = (kind: Fault['kind'], at: number): Step[] => [
  { kind: 'fault', fault: { kind, at: writingSteps[at % writingSteps.length] ?? 'COMMIT' } },
  { kind: 'group', wishes: [1, 2].map((which) => ({ which, how: 'new stream', count: which })) },
  { kind: 'delete', which: at },
  { kind: 'group', wishes: [at, 3 * at].map((which) => ({ which, how: 'next', count: 1 })) },
  { kind: 'idle', commits: 6 },
  { kind: 'room' },
];
const rounds = 80;

describe('a log is what a plain list of its events says', () => {
  it.each(faultKinds)('over the fault "%s" at each kind of step', async (kind) => {
    await using directory = await temporaryDirectory();
    const struck = new Set<string>();
    const steps = Array.from({ length: rounds }, (_, at) => round(kind, at)).flat();
    live(join(directory.path, 'log'), steps, ({ at }) => struck.add(at));

    expect([...struck].sort()).toEqual([...writingSteps].sort());
  });

  it('in whatever order appends, faults and restarts come', async () => {
    await using directory = await temporaryDirectory();
    let run = 0;
    fc.assert(
      fc.property(history, (steps) => {
        run += 1;
        live(join(directory.path, String(run)), steps, () => undefined);
      }),
      // A shorter history is worth less than the minutes it takes to find.
      { numRuns: 4, endOnFailure: true },
    );
  }, 120_000);
});
