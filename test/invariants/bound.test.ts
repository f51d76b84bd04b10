import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bound } from '../../src/invariants/bound.ts';

/**
 * A keeper of the limit who learns of changes late: what it lets begin reaches the log later than it
 * was let in, and it sees the log later still.
 */
const createKeeper = (limit: number) => {
  const bound = new Bound(limit);
  const unseen: (number | 'end')[] = [];
  let [seen, occupied, inFlight, running] = [limit, 0, 0, 0];
  let isFine = true;

  const deeds = {
    begin(): void {
      if (occupied >= seen) return;
      occupied += 1;
      inFlight += 1;
    },
    record(): void {
      if (inFlight === 0) return;
      inFlight -= 1;
      running += 1;
      if (!bound.add()) isFine = false;
    },
    end(): void {
      if (running === 0) return;
      running -= 1;
      bound.remove();
      unseen.push('end');
    },
    limit(to: number): void {
      bound.limit = to;
      unseen.push(to);
    },
    see(): void {
      const next = unseen.shift();
      if (next === 'end') occupied -= 1;
      else seen = next ?? seen;
    },
  };
  return { deeds, isFine: () => isFine };
};

type Deed = keyof ReturnType<typeof createKeeper>['deeds'];

const isNeverBlamed = (steps: readonly { readonly does: Deed; readonly to: number }[]): boolean => {
  const { deeds, isFine } = createKeeper(2);
  for (const { does, to } of steps) deeds[does](to);
  return isFine();
};

describe('a bound', () => {
  it('never blames who keeps the limits it has seen', () => {
    const steps = fc.array(
      fc.record({
        does: fc.constantFrom<Deed>('begin', 'record', 'end', 'limit', 'see'),
        to: fc.constantFrom(0, 1, 2, 3, 5, Number.POSITIVE_INFINITY),
      }),
      { maxLength: 60 },
    );
    fc.assert(fc.property(steps, isNeverBlamed), { numRuns: 3_000 });
  });

  it('lets one more begin for each place the old limit left, and no more', () => {
    const bound = new Bound(3);
    bound.add();
    bound.limit = 1;
    expect([bound.add(), bound.add(), bound.add()]).toEqual([true, true, false]);
  });

  it('forgets the old limit when a higher one has come', () => {
    const bound = new Bound(2);
    bound.limit = 0;
    bound.limit = 2;
    expect([bound.add(), bound.add(), bound.add()]).toEqual([true, true, false]);
  });

  it('has no end where there was none', () => {
    const bound = new Bound(Number.POSITIVE_INFINITY);
    bound.limit = 0;
    expect([bound.add(), bound.add()]).toEqual([true, true]);
  });
});
