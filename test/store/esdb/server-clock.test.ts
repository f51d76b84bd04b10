import { describe, expect, it } from 'vitest';
import { newStream, sample } from '../contract/sample.ts';
import { openEsdb } from './under-test.ts';

describe('a clock behind that of the server', () => {
  it.each([15_000, 60_000, 7_200_000])(
    'by %i ms costs no append its deadline, and is told once',
    async (clockAheadMs) => {
      const told: number[] = [];
      await using esdb = await openEsdb({
        clockAheadMs,
        giveUpAfterMs: 1_000,
        onClockBehind: (ms) => void told.push(ms),
      });
      const { revision } = await esdb.store.append(newStream(), 'no_stream', [sample()]);

      expect([revision, esdb.double.seen.appends]).toEqual([0, 1]);
      expect(told).toHaveLength(1);
      // What the answers took counts against the difference, never for it.
      expect(told[0]).toBeLessThanOrEqual(clockAheadMs);
    },
  );

  it('is no news where it is ahead, and what it takes to see it is in no log', async () => {
    const told: number[] = [];
    await using esdb = await openEsdb({
      clockAheadMs: -60_000,
      onClockBehind: (ms) => void told.push(ms),
    });
    await esdb.store.append(newStream(), 'no_stream', [sample()]);

    expect(told).toEqual([]);
    expect(await esdb.store.readAll()).toHaveLength(1);
  });
});
