import { describe, expect, it } from 'vitest';
import { TriplineError } from '../../../src/domain/errors.ts';
import type { EsdbConnection } from '../../../src/store/esdb/connection.ts';
import type { EsdbReads } from '../../../src/store/esdb/read.ts';
import { serverAheadBy } from '../../../src/store/esdb/server-clock.ts';
import { standardTuning } from '../../../src/store/esdb/tuning.ts';
import { createTestClock } from '../../running/test-clock.ts';

/** A server that takes, or refuses, a mark, and shows when it was written. */
const createScene = (append: () => Promise<unknown>, createdAt: number | undefined) => {
  const clock = createTestClock();
  const asked: unknown[][] = [];
  const client = {
    appendToStream: (...args: unknown[]) => {
      asked.push(args);
      return append();
    },
  };
  const connection = {
    session: async () => ({ client }),
    renew: async () => {},
  } as unknown as EsdbConnection;
  const event = createdAt === undefined ? undefined : { created: new Date(createdAt) };
  const reads = {
    readLast: async (stream: string) => (stream === 'marks' ? { event } : undefined),
  } as unknown as EsdbReads;
  const credentials = { username: 'a', password: 'b' };
  const tuning = { ...standardTuning, clock, giveUpAfterMs: 0 };
  const ahead = () => serverAheadBy({ connection, reads, tuning, stream: 'marks', credentials });
  return { clock, asked, ahead };
};

describe('how far the clock of a server is ahead', () => {
  const { clock } = createScene(async () => {}, 0);

  it.each([60_000, 0, -60_000])('is what its mark says: %i ms', async (ms) => {
    const { ahead, asked } = createScene(async () => {}, clock.now() + ms);
    expect(await ahead()).toBe(ms);
    expect(asked).toMatchObject([
      [
        'marks',
        [{ type: 'ClockRead', data: {} }],
        { expectedRevision: 'any', credentials: { username: 'a', password: 'b' } },
      ],
    ]);
  });

  it('is not known where no mark is to be seen', async () => {
    expect(await createScene(async () => {}, undefined).ahead()).toBe(0);
  });

  it('cannot be asked where the mark is refused, for that very reason', async () => {
    const refusal = new TriplineError('validation-failed', 'not this one');
    const { ahead } = createScene(() => Promise.reject(refusal), 0);
    await expect(ahead()).rejects.toBe(refusal);
  });

  it('cannot be asked where nobody answers', async () => {
    const { ahead } = createScene(() => Promise.reject(new Error('gone')), 0);
    await expect(ahead()).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});
