import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockSize, eventMatches } from '../../projections/timeline.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { recordOf } from '../../src/store/record.ts';
import type { AuditQuery, Order, Views } from '../../src/views/views.ts';
import { filterArbitrary } from '../projections/audit-filters.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { positionOf, recorded } from './history.ts';
import { arrived, queued } from './stories.ts';
import { appendTo, openedViews, storeWith } from './view-engine-setup.ts';

const everyPage = async (views: Views, query: AuditQuery) => {
  const events: StoredEvent[] = [];
  for (let after: string | undefined; ; ) {
    const page = await views.audit({ ...query, after });
    expect(page.events.length).toBeLessThanOrEqual(query.limit);
    events.push(...page.events);
    if (page.next === null) return events;
    after = page.next;
  }
};
const idsOf = (events: readonly StoredEvent[]) => events.map(({ id }) => id);

const bruteForce = (log: readonly StoredEvent[], query: AuditQuery) => {
  const found = log.filter(
    (event) =>
      eventMatches(event, query) &&
      (query.fromPosition === undefined || event.position >= query.fromPosition) &&
      (query.toPosition === undefined || event.position <= query.toPosition),
  );
  return query.order === 'asc' ? found : found.reverse();
};

/** Several blocks long: the generated history again and again. */
const repeated = (events: readonly StoredEvent[], times: number): StoredEvent[] =>
  Array.from({ length: times }, (_, round) =>
    events.map((event, index) => {
      const place = round * events.length + index + 1;
      const id = `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
      return { ...event, id, position: positionOf(place) };
    }),
  ).flat();

it('answers what a filter of the whole log answers, whatever is asked', async () => {
  const query = fc.tuple(
    filterArbitrary,
    fc.record({
      fromPosition: fc.option(fc.integer({ min: 1, max: 2_500 }).map(positionOf), {
        nil: undefined,
      }),
      toPosition: fc.option(fc.integer({ min: 1, max: 2_500 }).map(positionOf), { nil: undefined }),
      order: fc.constantFrom<Order>('asc', 'desc'),
      limit: fc.constantFrom(1, 7, 100, 5_000),
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      historyArbitrary(60),
      fc.array(query, { minLength: 5, maxLength: 5 }),
      async (events, queries) => {
        fc.pre(events.length > 0);
        const log = repeated(events, Math.ceil((2 * blockSize + 100) / events.length));
        const views = await openedViews(await storeWith(log));
        await views.reached(positionOf(log.length));
        for (const [filter, bounds] of queries) {
          const asked = { ...filter, ...bounds, limit: Math.max(bounds.limit, 50) };
          const found = await everyPage(views, asked);
          expect(idsOf(found)).toEqual(idsOf(bruteForce(log, asked)));
        }
        await views.close();
      },
    ),
    { numRuns: 15 },
  );
});

it('pages through single events without repeating or passing over one', async () => {
  const log = recorded(Array.from({ length: 40 }, (_, n) => arrived(`a${n}`)));
  const views = await openedViews(await storeWith(log));
  await views.reached(positionOf(40));
  for (const order of ['asc', 'desc'] as const) {
    const found = await everyPage(views, { workspace: 'acme', order, limit: 1 });
    expect(idsOf(found)).toEqual(idsOf(order === 'asc' ? log : [...log].reverse()));
  }
});

it('goes on behind its cursor when the log has grown', async () => {
  const store = await storeWith(recorded([arrived('a1'), arrived('a2')]));
  const views = await openedViews(store);
  await views.reached(positionOf(2));
  const query = { workspace: 'acme', order: 'asc', limit: 1 } as const;
  const first = await views.audit(query);
  await appendTo(store, recorded([arrived('a3')], 3));
  await views.reached(positionOf(3));
  const rest = await views.audit({ ...query, limit: 10, after: first.next ?? '' });
  expect(rest.events.map(({ stream }) => stream)).toEqual(['arrival-a2', 'arrival-a3']);
});

it('finds an entity by its stream and by the id in it', async () => {
  const log = recorded([arrived('a1'), queued('i1'), queued('i2')]);
  const views = await openedViews(await storeWith(log));
  await views.reached(positionOf(3));
  for (const entity of ['i1', 'invocation-i1']) {
    const { events } = await views.audit({ workspace: 'acme', entity, order: 'asc', limit: 10 });
    expect(events.map(({ stream }) => stream)).toEqual(['invocation-i1']);
  }
});

it('leaves out no fact where a block begins within a record', async () => {
  const store = await storeWith([]);
  const [{ metadata }] = recorded([arrived('a')]) as [StoredEvent];
  const size = 7;
  const records = Math.ceil((4.5 * blockSize) / size);
  for (let at = 0; at < records; at += 1) {
    const facts = Array.from({ length: size }, (_, n) => ({
      fact: { type: 'TriggerResumed', data: { triggerId: `${at}-${n}` } } as const,
      schemaVersion: 1,
    }));
    await store.append('many', 'any', [recordOf(randomUUID(), facts, metadata)]);
  }
  const views = await openedViews(store);
  const { workspace } = metadata;
  for (const order of ['asc', 'desc'] as const) {
    const found = await everyPage(views, { workspace, order, limit: 500 });
    expect(found).toHaveLength(records * size);
  }
});
