import { describe, expect, it } from 'vitest';
import { runBatch } from './batch.ts';
import { reportOf } from './failure-report.ts';
import { runHistory } from './history.ts';

const batch = 25;
const batches = Array.from({ length: 8 }, (_, at) => at * batch + 1);
/** On a machine that has other things to do. */
const patienceMs = 300_000;

describe('simulated histories', () => {
  it.each(batches)(
    'keep every promise, from seed %i on',
    async (from) => {
      const { failures } = await runBatch(from, batch);
      expect(failures.map(reportOf).join('\n')).toBe('');
    },
    patienceMs,
  );

  it('are the same for the same seed, and others for others', async () => {
    const hashes = [];
    for (const seed of [7, 7, 8]) hashes.push((await runHistory({ seed })).hash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });
});
