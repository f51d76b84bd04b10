import fc from 'fast-check';
import { expect, it } from 'vitest';
import { registry } from '../../projections/registry.ts';
import { createKeptRegistries } from '../../src/operations/kept-registries.ts';
import { createTimeTravel } from '../../src/operations/time-travel.ts';
import { createTriggerKinds } from '../../src/triggers/index.ts';
import { folded } from '../projections/folding.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { endOf, openedViews, storeWith } from '../views/view-engine-setup.ts';

const kinds = createTriggerKinds().known;

it('is at any places, in any order, what a fold of the log up to there makes, whatever is kept', async () => {
  let found = 0;
  const limits = fc.record({
    every: fc.integer({ min: 1, max: 3 }),
    most: fc.integer({ min: 0, max: 6 }),
  });
  const places = fc.array(fc.nat(), { minLength: 5, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(historyArbitrary(80, 40), places, limits, async (events, at, kept) => {
      const views = await openedViews(await storeWith(events));
      await views.reached(endOf(events));
      const travel = createTimeTravel({ views, kinds }, kept);
      for (const place of at.map((n) => n % events.length)) {
        const position = events[place]?.position ?? expect.fail();
        const then = await travel.registryAsOf('acme', { position });
        const stood = Object.values(folded(registry, events.slice(0, place + 1)).documents);
        const triggers = stood.filter((entry) => entry.entity === 'trigger');
        expect(then.triggersOf('acme')).toHaveLength(triggers.length);
        for (const one of triggers) expect(then.triggerById(one.triggerId)).toEqual(one);
        found += triggers.length;
      }
      await views.close();
    }),
    { numRuns: 50 },
  );
  expect(found).toBeGreaterThan(100);
});

it('keeps no more than it may, evenly spread', () => {
  const kept = createKeptRegistries({ every: 10, most: 4 });
  const entries = new Map([['trigger/t', {} as never]]);
  for (let told = 1; told <= 60; told += 1)
    kept.passed('acme', String(told).padStart(2, '0'), told, entries);
  const at = (position: string) => kept.nearest('acme', position)?.position;
  expect(['09', '15', '25', '35', '45', '60', '99'].map(at)).toEqual([
    ...[undefined, undefined, '20', '20', '40', '60', '60'],
  ]);
  expect(kept.nearest('umbrella', '99')).toBeUndefined();
});
