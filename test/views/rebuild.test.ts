import { readFile, writeFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { coldProjections } from '../../projections/index.ts';
import { invocations } from '../../projections/invocations.ts';
import { type AnyProjection, defineProjection } from '../../projections/projection.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { createManualClock } from '../log/manual-clock.ts';
import { positionOf, recorded } from './history.ts';
import { queued, started, succeeded } from './stories.ts';
import {
  appendTo,
  endOf,
  openedViews,
  recordingLogger,
  storeWith,
  viewsFile,
} from './view-engine-setup.ts';

const history = recorded([
  queued('i1'),
  started('i1'),
  succeeded('i1'),
  queued('i2'),
  started('i2'),
]);

const closedViews = async (store: EventStore, file: string, events: readonly StoredEvent[]) => {
  const views = await openedViews(store, { file });
  await views.reached(endOf(events));
  await views.close();
};

/** What is in the tables, whoever wrote it. */
const contents = (file: string) => {
  const db = new Database(file, { readonly: true });
  try {
    return Object.values(coldProjections).map(({ name, version }) =>
      db.prepare(`SELECT * FROM "${name}@${version}" ORDER BY key`).all(),
    );
  } finally {
    db.close();
  }
};

it('rebuilds to exactly what following the log had made', async () => {
  const live = await viewsFile();
  const store = await storeWith([]);
  const views = await openedViews(store, { file: live });
  for (const [index, event] of history.entries()) {
    await appendTo(store, [event]);
    await views.reached(positionOf(index + 1));
    await views.stats();
  }
  await views.close();
  const rebuilt = await viewsFile();
  await closedViews(store, rebuilt, history);
  expect(contents(rebuilt)).toEqual(contents(live));
});

/** The log, its delivery from the beginning held back until the test lets it go. */
const heldBack = (store: EventStore) => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held: EventStore = {
    ...store,
    subscribeAll: (options, handlers) =>
      store.subscribeAll(options, {
        ...handlers,
        onEvents: async (events) => {
          if (options.from === 'start') await gate;
          await handlers.onEvents(events);
        },
      }),
  };
  return { held, release };
};

const releaseWith = (...projections: readonly object[]) =>
  projections as unknown as AnyProjection<never>[];

/** Of this release. */
const table = `invocations@${invocations.version}`;

const nextRelease = releaseWith(
  { ...invocations, version: invocations.version + 1 },
  coldProjections['dead-letters'],
  coldProjections.timeline,
);

it('answers from the old version while the new one is built beside it, and then swaps', async () => {
  const file = await viewsFile();
  const store = await storeWith(history);
  await closedViews(store, file, history);
  const { held, release } = heldBack(store);
  const views = await openedViews(held, { file, projections: nextRelease });
  expect(await views.stats()).toMatchObject([
    { name: 'invocations', version: invocations.version + 1, state: 'building' },
    { name: 'dead-letters', state: 'serving' },
    { name: 'timeline', state: 'serving' },
  ]);
  expect(await views.get('invocations', 'i2')).toMatchObject({ status: 'running' });
  await appendTo(store, recorded([succeeded('i2')], 6));
  // The version before goes no further, whatever else has been seen of the log.
  expect(await views.get('invocations', 'i2', positionOf(6))).toMatchObject({ status: 'running' });
  release();
  await views.reached(positionOf(6));
  expect(await views.get('invocations', 'i2')).toMatchObject({ status: 'succeeded' });
  const { documents } = await views.find('invocations', { order: 'asc', limit: 10 });
  expect(documents).toHaveLength(2);
  await views.close();
  const db = new Database(file, { readonly: true });
  const tables = db.prepare('SELECT name FROM sqlite_schema WHERE name = ?').all(table);
  db.close();
  expect(tables).toEqual([]);
});

it('keeps the other views up to date while one is being rebuilt', async () => {
  const file = await viewsFile();
  const store = await storeWith(history);
  await closedViews(store, file, history);
  const { held, release } = heldBack(store);
  const views = await openedViews(held, { file, projections: nextRelease });
  await appendTo(store, recorded([queued('i3')], 6));
  const query = { workspace: 'acme', order: 'desc', limit: 1 } as const;
  await expect.poll(async () => (await views.audit(query)).events[0]?.position).toBe(positionOf(6));
  release();
});

it('goes on with a rebuild that was interrupted', async () => {
  const file = await viewsFile();
  const store = await storeWith(history);
  await closedViews(store, file, history);
  const { held, release } = heldBack(store);
  const interrupted = await openedViews(held, { file, projections: nextRelease });
  const closing = interrupted.close();
  release();
  await closing;
  const views = await openedViews(store, { file, projections: nextRelease });
  await views.reached(endOf(history));
  expect(await views.get('invocations', 'i1')).toMatchObject({ status: 'succeeded' });
});

it('says that a view is being built rather than answer with half of it', async () => {
  const store = await storeWith(history);
  const { held, release } = heldBack(store);
  const { clock, advance } = createManualClock();
  const views = await openedViews(held, { clock });
  const tooLate = expect(views.get('invocations', 'i1')).rejects.toSatisfy((error) =>
    isTriplineError(error, 'store-unavailable'),
  );
  advance(5_000);
  await tooLate;
  const inTime = views.get('invocations', 'i1');
  release();
  expect(await inTime).toMatchObject({ status: 'succeeded' });
});

it.each([
  ['shorter', history.slice(0, 3)],
  ['another one', recorded([...Array(5).keys()].map((n) => queued(`other${n}`)))],
])('begins anew when the log that comes back is %s', async (_, restored) => {
  const file = await viewsFile();
  await closedViews(await storeWith(history), file, history);
  const { log, messages } = recordingLogger();
  const others = restored.map((event, n) =>
    restored.length === 5
      ? { ...event, id: `00000000-0000-4000-9000-${String(n).padStart(12, '0')}` }
      : event,
  );
  const store = await storeWith(others);
  const views = await openedViews(store, { file, log });
  await views.reached(endOf(others));
  expect(messages()).toContain('view does not fit the log, to be rebuilt');
  expect(await views.get('invocations', 'i2')).toBeUndefined();
  await views.close();
  const fresh = await viewsFile();
  await closedViews(store, fresh, others);
  expect(contents(file)).toEqual(contents(fresh));
});

it.each([
  ['is not a database', async () => Buffer.from('garbage'.repeat(5_000))],
  ['is cut short', async (file: string) => (await readFile(file)).subarray(0, 9_000)],
  ['has zeroes in it', async (file: string) => (await readFile(file)).fill(0, 8_192)],
])('deletes and rebuilds a file that %s', async (_, damaged) => {
  const file = await viewsFile();
  const store = await storeWith(history);
  await closedViews(store, file, history);
  await writeFile(file, await damaged(file));
  const { log, messages } = recordingLogger();
  const views = await openedViews(store, { file, log });
  await expect.poll(() => views.get('invocations', 'i1').catch(() => undefined)).toBeDefined();
  await views.reached(endOf(history));
  expect(messages().some((message) => /database (unusable|damaged)/.test(message))).toBe(true);
});

it('notices a single wrong byte in a document, and rebuilds', async () => {
  const file = await viewsFile();
  const store = await storeWith(history);
  await closedViews(store, file, history);
  const db = new Database(file);
  db.exec(`UPDATE "${table}" SET document = replace(document, 'succeeded', 'succeedee')`);
  db.close();
  const { log, messages } = recordingLogger();
  const views = await openedViews(store, { file, log });
  await expect(views.get('invocations', 'i1')).rejects.toSatisfy((error) =>
    isTriplineError(error, 'store-unavailable'),
  );
  await views.reached(endOf(history));
  expect(await views.get('invocations', 'i1')).toMatchObject({ status: 'succeeded' });
  expect(messages()).toContain('views database damaged, deleted to be rebuilt');
});

it('sets an event aside that a fold throws on, with an alarm and a count; others go on', async () => {
  const brittle = defineProjection({
    ...invocations,
    evolve: {
      ...invocations.evolve,
      InvocationStarted: (document, event) => {
        if (event.data.invocationId === 'i1') throw new Error('poison');
        return invocations.evolve.InvocationStarted?.(document, event, 0);
      },
    },
  });
  const { log, lines } = recordingLogger();
  const projections = releaseWith(brittle, coldProjections.timeline);
  const views = await openedViews(await storeWith(history), { projections, log });
  await views.reached(endOf(history));
  expect(await views.get('invocations', 'i2')).toMatchObject({ status: 'running' });
  expect(await views.get('invocations', 'i1')).toMatchObject({ status: 'succeeded', attempt: 0 });
  expect(await views.stats()).toMatchObject([{ poisoned: 1 }, { poisoned: 0 }]);
  expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
    { fields: { view: 'invocations', position: positionOf(2) } },
  ]);
});

it('never shows a checkpoint without its documents, whenever the file is copied away', async () => {
  const file = await viewsFile();
  const store = await storeWith([]);
  const views = await openedViews(store, { file });
  for (let place = 1; place <= 30; place += 1) {
    await appendTo(store, recorded([queued(`i${place}`)], place));
    await views.reached(positionOf(place));
    if (place % 3 === 0) await views.stats();
    const onlooker = new Database(file, { readonly: true });
    const look = onlooker.transaction(() => ({
      checkpoint: onlooker.prepare("SELECT position FROM view WHERE name = 'invocations'").get(),
      documents: onlooker.prepare(`SELECT count(*) AS count FROM "${table}"`).get(),
    }));
    const { checkpoint, documents } = look() as {
      checkpoint: { position: string };
      documents: { count: number };
    };
    onlooker.close();
    expect(Number(checkpoint.position)).toBe(documents.count);
  }
});

it('writes what comes after a first build without being asked, once it had time to gather', async () => {
  const file = await viewsFile();
  const time = createManualClock();
  const store = await storeWith(history);
  const views = await openedViews(store, { file, clock: time.clock });
  await views.reached(endOf(history));
  await appendTo(store, recorded([queued('i3')], 6));
  await views.reached(positionOf(6));
  const onlooker = new Database(file, { readonly: true });
  onTestFinished(() => void onlooker.close());
  const written = () => onlooker.prepare("SELECT position FROM view WHERE name = 'invocations'");
  expect(written().pluck().get()).toBe(positionOf(5));
  time.advance(2_000);
  await expect.poll(() => written().pluck().get()).toBe(positionOf(6));
});
