import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInvariants } from '../../src/invariants/invariants.ts';
import { leases } from '../../src/invariants/leases.ts';
import { lives } from '../../src/invariants/lives.ts';
import { places } from '../../src/invariants/places.ts';
import { tenants } from '../../src/invariants/tenants.ts';
import { historyArbitrary } from '../projections/generated-history.ts';

/** Arrivals, triggers and ticks are drawn without rules there; of invocations the decider makes all. */
const ruled = [places, lives, leases, tenants];

describe('histories that are drawn at random', () => {
  it.each(['all', 'open'] as const)(
    'have lives of invocations as promised, where %s of it is remembered',
    (remembers) => {
      fc.assert(
        fc.property(historyArbitrary(), (log) => {
          expect(log.flatMap(createInvariants({ remembers }, ruled).take)).toEqual([]);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('are never too much for any of the promises, whatever is in them', () => {
    fc.assert(
      fc.property(historyArbitrary(), (log) => {
        const { take, atRest } = createInvariants();
        for (const sentence of [...log.flatMap(take), ...atRest()]) {
          expect(sentence).not.toContain('undefined');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are judged the same whether all at once or one by one, with questions in between', () => {
    fc.assert(
      fc.property(historyArbitrary(40), (log) => {
        const quiet = createInvariants();
        const asked = createInvariants();
        const sentences = log.flatMap(quiet.take);
        const inBetween = log.flatMap((event) => {
          const found = asked.take(event);
          expect(asked.atRest()).toEqual(asked.atRest());
          return found;
        });
        expect(inBetween).toEqual(sentences);
        expect(asked.atRest()).toEqual(quiet.atRest());
      }),
      { numRuns: 100 },
    );
  });
});
