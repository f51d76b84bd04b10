import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type InvocationDocument, invocations } from '../../projections/invocations.ts';
import { queue } from '../../projections/queue.ts';
import { systemClock } from '../../src/domain/clock.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import {
  createInvocationsThen,
  type InvocationsThen,
} from '../../src/operations/invocations-then.ts';
import type { Moment } from '../../src/operations/time-travel.ts';
import { folded } from '../projections/folding.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { endOf, openedViews, storeWith } from '../views/view-engine-setup.ts';

const workspace = 'acme';
const statuses = ['queued', 'running', 'waiting', 'succeeded', 'dead', 'cancelled'] as const;

const openThen = async (events: readonly StoredEvent[]) => {
  const views = await openedViews(await storeWith(events));
  await views.reached(endOf(events));
  const nobody = { acknowledged: undefined } as never;
  const then = createInvocationsThen({
    ...{ views, clock: systemClock, engine: nobody, actors: nobody },
  });
  return {
    async all(moment: Moment, query: Omit<InvocationsThen, 'after' | 'between'>) {
      const found: InvocationDocument[] = [];
      for (let after: string | undefined; ; ) {
        const page = await then.list(workspace, moment, { ...query, between: [], after });
        found.push(...page.documents);
        if (page.next === null) return found;
        after = page.next;
      }
    },
    [Symbol.asyncDispose]: () => views.close(),
  };
};

/** As if nothing had been recorded since. */
const fromScratch = (events: readonly StoredEvent[], { where, status, order }: Asked) => {
  const open = folded(queue, events).documents;
  const all = Object.values(folded(invocations, events).documents)
    .filter((one) => one.workspace === workspace)
    .filter(({ triggerId }) => [triggerId, undefined].includes(where.triggerId))
    .filter((one) => (status === 'open' ? one.invocationId in open : true))
    .filter((one) => [one.status, 'open', undefined].includes(status))
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  return order === 'asc' ? all : all.reverse();
};

const history = historyArbitrary(60, 30);

type Asked = Omit<InvocationsThen, 'where' | 'after' | 'between'> & {
  readonly where: { readonly triggerId?: string };
};

const asked: fc.Arbitrary<Asked> = fc.record({
  where: fc.record({ triggerId: fc.constantFrom('t1', 't2') }, { requiredKeys: [] }),
  status: fc.constantFrom(undefined, 'open' as const, ...statuses),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  limit: fc.integer({ min: 1, max: 3 }),
});

it('lists at any place what a fold of the log up to there makes of it', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(history, asked, async (events, query) => {
      await using then = await openThen(events);
      for (const [place, { position }] of events.entries()) {
        const expected = fromScratch(events.slice(0, place + 1), query);
        expect(await then.all({ position }, query)).toEqual(expected);
        found += expected.length;
      }
    }),
    { numRuns: 80 },
  );
  expect(found).toBeGreaterThan(100);
});

it('lists at any time all up to the last fact that claims to be of before', async () => {
  await fc.assert(
    fc.asyncProperty(history, asked, async (events, query) => {
      await using then = await openThen(events);
      for (const { metadata } of events) {
        const time = metadata.occurredAt;
        const last = events.findLastIndex(
          (one) => one.metadata.workspace === workspace && one.metadata.occurredAt <= time,
        );
        const expected = fromScratch(events.slice(0, last + 1), query);
        expect(await then.all({ time }, query)).toEqual(expected);
      }
    }),
    { numRuns: 20 },
  );
});
