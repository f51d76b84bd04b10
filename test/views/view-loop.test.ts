import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { invocations } from '../../projections/invocations.ts';
import type { AnyProjection } from '../../projections/projection.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import { createViewCatalog } from '../../src/views/view-catalog.ts';
import { openViewDatabase } from '../../src/views/view-database.ts';
import { createViewLoop } from '../../src/views/view-loop.ts';
import { openViewSet, type ViewSet } from '../../src/views/view-set.ts';
import { createTestClock } from '../running/test-clock.ts';
import { watched } from '../store/sqlite/watched-connection.ts';
import { recorded } from './history.ts';
import { queued } from './stories.ts';
import { appendTo, storeWith } from './view-engine-setup.ts';

const full = (): never => {
  throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
};

it.each([
  ['its documents are written', 'INSERT INTO'],
  ['its indexes are made', 'CREATE INDEX'],
  ['it takes the place of the one before', "UPDATE view SET state = 'serving'"],
])('a first build waits for room on the disk when %s', async (_, step) => {
  const clock = createTestClock();
  let refusals = 0;
  let isFull = true;
  const db = watched(openViewDatabase(':memory:'), {
    before: (sql) => {
      if (!sql.startsWith(step) || !isFull) return;
      refusals += 1;
      full();
    },
    after: () => undefined,
  });
  const catalog = createViewCatalog(db);
  const projections = [invocations as unknown as AnyProjection<object>];
  const set = await openViewSet({ db, catalog, log: silentLogger }, projections, async () => true);
  const loop = createViewLoop({
    reader: await storeWith(recorded([queued('i1')])),
    set,
    log: silentLogger,
    clock,
    random: () => 0,
    onMoved: () => undefined,
    onFailed: (error) => expect.unreachable(String(error)),
  });
  await expect.poll(() => refusals).toBe(1);
  isFull = false;
  const stateNow = (): string => {
    clock.toNext();
    return set.named('invocations').state;
  };
  await expect.poll(stateNow).toBe('serving');

  expect(set.named('invocations').answers?.get('i1')).toBeDefined();
  await loop.stop();
});

describe('what is folded', () => {
  /** One view that serves, with so much to be written, and what becomes of it. */
  const following = async (pending: { pendingEvents?: number; pendingDocuments?: number }) => {
    const clock = createTestClock();
    const told: string[] = [];
    const projector = {
      ...{ position: beginning, pendingEvents: 0, pendingDocuments: 0, ...pending },
      apply: () => void told.push('applied'),
    };
    const view = { name: 'lamps', state: 'serving', projector };
    const failures: unknown[] = [];
    let failing = false;
    const flush = (): void => {
      told.push('written');
      if (failing) throw new Error('no disk');
    };
    const store = await storeWith(recorded([queued('i1')]));
    const loop = createViewLoop({
      reader: store,
      set: { views: [view], flush } as unknown as ViewSet,
      ...{ log: silentLogger, clock, random: () => 0 },
      onMoved: () => void told.push('moved'),
      onFailed: (error) => failures.push(error),
    });
    const moved = (times: number) =>
      expect.poll(() => told.filter((each) => each === 'moved').length).toBe(times);
    await moved(1);
    const more = async (): Promise<void> => {
      await appendTo(store, recorded([queued('i2')], 2));
      await moved(2);
    };
    const fails = (): void => {
      failing = true;
    };
    return { clock, told, loop, more, failures, fails };
  };

  it.each([{ pendingEvents: 65_535 }, { pendingDocuments: 16_383 }])(
    'is written two seconds after the first of it: %j',
    async (pending) => {
      const { clock, told, loop, more } = await following(pending);
      clock.advance(1_999);
      await more();
      expect(told).toEqual(['applied', 'moved', 'applied', 'moved']);
      clock.advance(1);
      await expect.poll(() => told.slice(4)).toEqual(['written']);
      clock.advance(60_000);
      await loop.stop();
      expect(told.slice(4)).toEqual(['written']);
    },
  );

  it.each([{ pendingEvents: 65_536 }, { pendingDocuments: 16_384 }])(
    'is written at once where it is much, and not again later: %j',
    async (pending) => {
      const { clock, told, loop } = await following(pending);
      expect(told).toEqual(['applied', 'written', 'moved']);
      clock.advance(60_000);
      await loop.stop();
      expect(told).toHaveLength(3);
    },
  );

  it('is left to whoever closes the views where the loop is stopped before', async () => {
    const { clock, told, loop } = await following({ pendingEvents: 1 });
    await loop.stop();
    clock.advance(60_000);
    expect(told).toEqual(['applied', 'moved']);
  });

  it('ends all where it cannot be written for another reason than room', async () => {
    const { clock, failures, fails, loop } = await following({ pendingEvents: 1 });
    fails();
    clock.advance(2_000);
    await expect.poll(() => failures).toEqual([new Error('no disk')]);
    await loop.stop();
  });
});
