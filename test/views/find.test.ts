import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { InvocationDocument } from '../../projections/invocations.ts';
import { invocations } from '../../projections/invocations.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { FindQuery, Order, Views } from '../../src/views/views.ts';
import { folded } from '../projections/folding.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { positionOf, recorded } from './history.ts';
import { cancelled, queued } from './stories.ts';
import { appendTo, endOf, openedViews, storeWith } from './view-engine-setup.ts';

const everyPage = async (views: Views, query: FindQuery, between = async () => {}) => {
  const documents: InvocationDocument[] = [];
  for (let after: string | undefined; ; ) {
    const page = await views.find('invocations', { ...query, after });
    documents.push(...page.documents);
    if (page.next === null) return documents;
    after = page.next;
    await between();
  }
};
const idsOf = (documents: readonly InvocationDocument[]) =>
  documents.map(({ invocationId }) => invocationId);
const refused = (error: unknown) => isTriplineError(error, 'validation-failed');

const oneOrSome = (...values: string[]) =>
  fc.oneof(fc.constantFrom(...values), fc.subarray(values));

it('finds by every column what a filter of all documents finds, in order, page by page', async () => {
  const query = fc.record({
    where: fc.record(
      {
        workspace: fc.constantFrom('acme', 'umbrella'),
        triggerId: fc.constantFrom('t1', 't2'),
        status: oneOrSome('queued', 'running', 'succeeded', 'dead'),
        correlationId: oneOrSome('story-0', 'story-1'),
      },
      { requiredKeys: [] },
    ),
    order: fc.constantFrom<Order>('asc', 'desc'),
    limit: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(historyArbitrary(), query, async (events, { where, order, limit }) => {
      const views = await openedViews(await storeWith(events));
      await views.reached(endOf(events));
      const all = Object.values(folded(invocations, events).documents)
        .filter((document) =>
          Object.entries(where).every(([column, value]) =>
            [value].flat().includes(document[column as 'workspace']),
          ),
        )
        .sort((a, b) => (a.position < b.position ? -1 : 1));
      const expected = order === 'asc' ? all : all.reverse();
      expect(await everyPage(views, { where, order, limit })).toEqual(expected);
      await views.close();
    }),
    { numRuns: 50 },
  );
});

it('finds a document once by two of its ids', async () => {
  const [first, second] = [queued('i1'), queued('i2')];
  const views = await openedViews(await storeWith(recorded([first, second])));
  await views.reached(positionOf(2));
  const { correlationId, arrivalId } = (await views.get('invocations', 'i1')) ?? {};
  const where = { correlationId: [correlationId ?? '', arrivalId ?? ''] };
  const found = await everyPage(views, { where, order: 'asc', limit: 1 });
  expect(idsOf(found)).toEqual(['i1', 'i2']);
  await views.close();
});

it('shows no document twice and misses none while others are created', async () => {
  const first = Array.from({ length: 20 }, (_, n) => queued(`i${n}`));
  const store = await storeWith(recorded(first));
  const views = await openedViews(store);
  await views.reached(positionOf(20));
  let place = 20;
  const createOne = async () => {
    place += 1;
    await appendTo(store, recorded([queued(`new${place}`)], place));
    await views.reached(positionOf(place));
  };
  const wanted = Array.from({ length: 20 }, (_, n) => `i${n}`);
  const newestFirst = await everyPage(views, { order: 'desc', limit: 3 }, createOne);
  expect(idsOf(newestFirst)).toEqual([...wanted].reverse());
  const all = idsOf(await everyPage(views, { order: 'asc', limit: 30 }, createOne));
  expect(all.slice(0, 20)).toEqual(wanted);
  expect(new Set(all).size).toBe(all.length);
});

it('finds by a range, both ends included', async () => {
  const events = recorded([queued('i1'), queued('i2'), queued('i3'), cancelled('i1')]);
  const views = await openedViews(await storeWith(events));
  await views.reached(positionOf(4));
  const found = (from?: string, to?: string) =>
    views.find('invocations', {
      between: { column: 'queuedAt', ...(from && { from }), ...(to && { to }) },
      order: 'asc',
      limit: 10,
    });
  const [, second, third] = events.map(({ metadata }) => metadata.occurredAt);
  expect(idsOf((await found(second, third)).documents)).toEqual(['i2', 'i3']);
  expect(idsOf((await found(undefined, second)).documents)).toEqual(['i1', 'i2']);
});

it('refuses columns and cursors there are none of, and names them', async () => {
  const views = await openedViews(await storeWith([]));
  await views.reached(positionOf(1), 1).catch(() => {});
  const find = (query: Partial<FindQuery>) =>
    views.find('invocations', { order: 'asc', limit: 1, ...query });
  await expect(find({ where: { '"; DROP TABLE view; --': 1 } })).rejects.toSatisfy(refused);
  await expect(find({ after: 'not a cursor' })).rejects.toSatisfy(refused);
});
