import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { createHotViews, type HotViews } from '../../src/views/hot-views.ts';
import { historyArbitrary } from '../projections/generated-history.ts';
import { recorded } from './history.ts';
import { cancelled, queued, started, triggerRegistered } from './stories.ts';
import { openedViews, storeWith, viewsFile } from './view-engine-setup.ts';

const hot = (snapshot?: HotViews) => createHotViews({ log: silentLogger, snapshot });
const history = recorded([triggerRegistered('t1'), queued('i1'), queued('i2'), started('i1')]);
const refused = (error: unknown) => isTriplineError(error, 'conflict');

it('gives back what was saved, over any number of increments and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(
      historyArbitrary(),
      fc.array(fc.nat(100), { maxLength: 5 }),
      async (events, cuts) => {
        const file = await viewsFile();
        const store = await storeWith(events);
        const live = hot();
        let views = await openedViews(store, { file });
        let done = 0;
        for (const cut of [...cuts, events.length].sort((a, b) => a - b)) {
          live.apply(events.slice(done, cut));
          done = Math.max(done, Math.min(cut, events.length));
          await views.saveSnapshot(live.capture());
          await views.close();
          views = await openedViews(store, { file });
          const snapshot = await views.loadSnapshot();
          expect(snapshot?.position).toBe(live.position);
          expect(new Map(snapshot?.registry)).toEqual(new Map(live.registry));
          expect(new Map(snapshot?.queue)).toEqual(new Map(live.queue));
          expect(new Map(snapshot?.schedules)).toEqual(new Map(live.schedules));
          expect(new Map(snapshot?.openReplays)).toEqual(new Map(live.openReplays));
        }
        await views.close();
      },
    ),
    { numRuns: 20 },
  );
});

it.each([1_999, 2_000, 4_001])('gives back %i documents, page by page', async (count) => {
  const triggers = recorded(Array.from({ length: count }, (_, n) => triggerRegistered(`t${n}`)));
  const live = hot();
  live.apply(triggers);
  const views = await openedViews(await storeWith(triggers));
  await views.saveSnapshot(live.capture());
  const snapshot = await views.loadSnapshot();
  expect(new Map(snapshot?.registry)).toEqual(new Map(live.registry));
  expect((await views.snapshotPage(0))?.registry.keys).toHaveLength(Math.min(count, 2_000));
});

it('has none before the first is saved', async () => {
  const views = await openedViews(await storeWith(history));
  expect(await views.loadSnapshot()).toBeUndefined();
});

it('refuses an increment that does not continue what is saved; a whole one is always welcome', async () => {
  const views = await openedViews(await storeWith(history));
  const live = hot();
  live.apply(history.slice(0, 2));
  live.capture();
  live.apply(history.slice(2));
  await expect(views.saveSnapshot(live.capture())).rejects.toSatisfy(refused);
  expect(await views.loadSnapshot()).toBeUndefined();
  live.putBack();
  await views.saveSnapshot(live.capture());
  expect(new Map((await views.loadSnapshot())?.registry)).toEqual(new Map(live.registry));
});

it('is not used over a log it was not made from', async () => {
  const file = await viewsFile();
  const first = await openedViews(await storeWith(history), { file });
  const live = hot();
  live.apply(history);
  await first.saveSnapshot(live.capture());
  await first.close();
  const second = await openedViews(await storeWith(history.slice(0, 2)), { file });
  expect(await second.loadSnapshot()).toBeUndefined();
});

it('is not used by a release whose hot views mean something else', async () => {
  const file = await viewsFile();
  const store = await storeWith(history);
  const first = await openedViews(store, { file });
  const live = hot();
  live.apply(history);
  await first.saveSnapshot(live.capture());
  await first.close();
  const db = new Database(file);
  db.exec(`UPDATE hotCheckpoint SET versions = '[["registry",0],["queue",0]]'`);
  db.close();
  const second = await openedViews(store, { file });
  expect(await second.loadSnapshot()).toBeUndefined();
});

it('has nothing of what has gone since the capture before', async () => {
  const ended = recorded([cancelled('i1')], history.length + 1);
  const live = hot();
  live.apply(history);
  const views = await openedViews(await storeWith([...history, ...ended]));
  await views.saveSnapshot(live.capture());
  live.apply(ended);
  await views.saveSnapshot(live.capture());
  const snapshot = await views.loadSnapshot();
  expect([...(snapshot?.queue.keys() ?? [])]).toEqual(['i2']);
  expect(snapshot?.position).toBe(live.position);
});

it('has only what the last whole capture has', async () => {
  const ended = recorded([cancelled('i1')], history.length + 1);
  const live = hot();
  live.apply(history);
  const views = await openedViews(await storeWith([...history, ...ended]));
  await views.saveSnapshot(live.capture());
  live.apply(ended);
  live.putBack();
  await views.saveSnapshot(live.capture());
  expect([...((await views.loadSnapshot())?.queue.keys() ?? [])]).toEqual(['i2']);
});
