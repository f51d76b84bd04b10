import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coldProjections } from '../../projections/index.ts';
import { isTriplineError, TriplineError } from '../../src/domain/errors.ts';
import { beginning } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import type { Views } from '../../src/views/views.ts';
import { folded } from '../projections/folding.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { createTestClock } from '../running/test-clock.ts';
import { positionOf, recorded } from './history.ts';
import { dead, queued, started, succeeded } from './stories.ts';
import { appendTo, endOf, openedViews, storeWith, viewsFile } from './view-engine-setup.ts';

const shown = async (views: Views, events: readonly StoredEvent[]) => {
  await views.reached(endOf(events));
  const found: Record<string, Record<string, unknown>> = {};
  for (const [name, projection] of Object.entries(coldProjections)) {
    const expected = folded(projection as never, events).documents;
    found[name] = {};
    for (const key of Object.keys(expected)) {
      found[name][key] = await views.get(name as 'timeline', key);
    }
  }
  return found;
};

const expectedOf = (events: readonly StoredEvent[]) =>
  Object.fromEntries(
    Object.entries(coldProjections).map(([name, projection]) => [
      name,
      folded(projection as never, events).documents,
    ]),
  );

it('shows the fold of the log, wherever the process stopped and went on in between', async () => {
  await fc.assert(
    fc.asyncProperty(historyArbitrary(60), fc.nat(60), async (events, stop) => {
      const file = await viewsFile();
      const store = await storeWith(events.slice(0, stop));
      const first = await openedViews(store, { file });
      await first.reached(endOf(events.slice(0, stop)));
      await first.close();
      await appendTo(store, events.slice(stop));
      const second = await openedViews(store, { file });
      expect(await shown(second, events)).toEqual(expectedOf(events));
      await second.close();
    }),
    { numRuns: 40 },
  );
});

it('shows an event as soon as its position is reached', async () => {
  const store = await storeWith([]);
  const views = await openedViews(store);
  const events = recorded([queued('i1'), started('i1'), succeeded('i1')]);
  for (const [index, status] of ['queued', 'running', 'succeeded'].entries()) {
    await appendTo(store, events.slice(index, index + 1));
    await views.reached(positionOf(index + 1));
    expect(await views.get('invocations', 'i1')).toMatchObject({ status });
  }
});

it('answers no sooner than it has folded what the asker has seen', async () => {
  const store = await storeWith([]);
  const views = await openedViews(store);
  await views.reached(beginning);
  const asked = views.get('invocations', 'i1', positionOf(1));
  await appendTo(store, recorded([queued('i1')]));
  expect(await asked).toMatchObject({ status: 'queued' });
});

it('refuses to answer when it stays behind what the asker has seen', async () => {
  const clock = createTestClock();
  const views = await openedViews(await storeWith([]), { clock });
  await views.reached(beginning);
  const asked = views.find('invocations', { order: 'asc', limit: 1 }, positionOf(1));
  const refused = expect(asked).rejects.toSatisfy((e) => isTriplineError(e, 'store-unavailable'));
  clock.advance(5_000);
  await refused;
});

it('refuses to wait for ever for what does not come', async () => {
  const views = await openedViews(await storeWith([]));
  const waited = views.reached(positionOf(1), 5);
  await expect(waited).rejects.toSatisfy((e) => isTriplineError(e, 'store-unavailable'));
});

it('lets go of those who wait when it is closed', async () => {
  const views = await openedViews(await storeWith([]));
  await views.reached(beginning);
  const waited = views.reached(positionOf(1));
  const refused = expect(waited).rejects.toSatisfy((e) => isTriplineError(e, 'store-unavailable'));
  await views.close();
  await refused;
});

it('deletes documents that a fold deletes, and keeps the others', async () => {
  const store = await storeWith(recorded([queued('i1'), dead('i1'), queued('i2'), dead('i2')]));
  const views = await openedViews(store);
  await views.reached(positionOf(4));
  expect(await views.get('dead-letters', 'i1')).toBeDefined();
  const fact = {
    type: 'InvocationRetried',
    data: { invocationId: 'i1', triggerId: 't1', retriedAs: 'i3' },
  };
  await appendTo(store, recorded([{ stream: 'invocation-i1', fact }], 5));
  await views.reached(positionOf(5));
  expect(await views.get('dead-letters', 'i1')).toBeUndefined();
  expect(await views.get('dead-letters', 'i2')).toBeDefined();
});

it('tells how many documents a view has', async () => {
  const store = await storeWith(recorded([queued('i1'), queued('i2')]));
  const views = await openedViews(store);
  await views.reached(positionOf(2));
  expect(await views.count('invocations')).toBe(2);
  expect(await views.count('dead-letters')).toBe(0);
  const where = { triggerId: 't1' };
  expect(await views.count('invocations', { where: { ...where, status: 'nowhere' } })).toBe(0);
  expect(await views.count('invocations', { where })).toBe(2);
});

it('tells how far each view has come', async () => {
  const store = await storeWith(recorded([queued('i1')]));
  const views = await openedViews(store);
  await views.reached(positionOf(1));
  expect(await views.stats()).toEqual(
    Object.values(coldProjections).map(({ name, version }) => ({
      name,
      version,
      state: 'serving',
      position: positionOf(1),
      poisoned: 0,
    })),
  );
});

it('is over once the log cannot be followed any more: it says so once and answers nothing', async () => {
  const store = await storeWith(recorded([queued('i1')]));
  const fatal: unknown[] = [];
  let drop: (reason: Error) => void = () => {};
  const reader: EventStore = {
    ...store,
    subscribeAll: (options, handlers) => {
      drop = (reason) => handlers.onDropped?.(reason);
      return store.subscribeAll(options, handlers);
    },
  };
  const views = await openedViews(reader, { onFatal: (error) => fatal.push(error) });
  await views.reached(positionOf(1));
  const waiting = views.reached(positionOf(2));
  const damage = new TriplineError('store-failed', 'the thread is gone');
  drop(damage);
  drop(damage);
  const over = { code: 'store-unavailable', message: 'the views have stopped', cause: damage };
  await expect(waiting).rejects.toMatchObject(over);
  await expect(views.reached(positionOf(1))).rejects.toMatchObject(over);
  await expect(views.get('invocations', 'i1')).rejects.toMatchObject(over);
  await expect(views.stats()).rejects.toMatchObject(over);
  expect(fatal).toEqual([damage]);
});
