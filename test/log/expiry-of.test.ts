import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import type { DataOf } from '../../src/domain/events.ts';
import { covers } from '../../src/domain/expiry/decider.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { expiryOf } from '../../src/log/expiry-of.ts';
import type { EventStore, ReadStreamOptions } from '../../src/store/event-store.ts';

type Expired = DataOf<'PayloadsExpired'>;

const placeOf = (n: number) => asPosition(String(n).padStart(4, '0'));

const storeWith = (facts: readonly Expired[]) => {
  let reads = 0;
  const readStream: EventStore['readStream'] = async (
    _,
    { from = 0, maxCount = 1_000 }: ReadStreamOptions = {},
  ) => {
    reads += 1;
    if (facts.length === 0) throw new TriplineError('stream-not-found', 'nothing expired');
    return facts
      .slice(Number(from), Number(from) + maxCount)
      .map((data) => ({ type: 'PayloadsExpired', data }) as unknown as StoredEvent);
  };
  return { readStream, reads: () => reads };
};

/** Stretches of three places each; some of a stretch is kept back and goes by a later fact. */
const expiries = fc
  .array(fc.record({ keeps: fc.option(fc.nat(2)), goesAfter: fc.integer({ min: 1, max: 5 }) }), {
    maxLength: 40,
  })
  .map((stretches) => {
    const facts = stretches.map(({ keeps }, n) => ({
      after: n === 0 ? '' : placeOf(n * 3),
      upTo: placeOf(n * 3 + 3),
      kept: keeps === null ? [] : [{ arrivalId: `a${n}`, place: placeOf(n * 3 + 1 + keeps) }],
      also: [] as string[],
    }));
    for (const [n, { goesAfter }] of stretches.entries())
      facts[n + goesAfter]?.also.push(...(facts[n]?.kept.map(({ place }) => place) ?? []));
    return facts;
  });

it('is the first fact that covers the place, if any does', async () => {
  await fc.assert(
    fc.asyncProperty(expiries, fc.nat(125), async (facts, n) => {
      const found = await expiryOf(storeWith(facts), placeOf(n));
      expect(found?.data).toEqual(facts.find((data) => covers(data, placeOf(n))));
    }),
    { numRuns: 300 },
  );
});

it('is found without reading all that expired ever', async () => {
  const facts = Array.from({ length: 3_000 }, (_, n) => ({
    ...{ after: n === 0 ? '' : placeOf(n * 3), upTo: placeOf(n * 3 + 3), kept: [], also: [] },
  }));
  const store = storeWith(facts);
  const place = placeOf(8_000);
  expect((await expiryOf(store, place))?.data).toEqual(facts.find((data) => covers(data, place)));
  expect(store.reads()).toBeLessThan(30);
});
