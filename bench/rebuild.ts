import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '../src/domain/clock.ts';
import { silentLogger } from '../src/domain/logger.ts';
import { asPosition, type Position } from '../src/domain/position.ts';
import type { EventStore } from '../src/store/event-store.ts';
import { logFile } from '../src/store/sqlite/log-file.ts';
import type { HotViews, Snapshot } from '../src/views/hot-views.ts';
import { built } from './built.ts';
import type { Finding, Part } from './part.ts';
import { writeLog } from './rebuild-log.ts';
import { serverStarts } from './server-start.ts';

export interface RebuildOptions {
  readonly events?: number;
}

const modules = async () => ({
  ...(await built<typeof import('../src/store/index.ts')>('store/index')),
  ...(await built<typeof import('../src/log/follow.ts')>('log/follow')),
  ...(await built<typeof import('../src/views/hot-views.ts')>('views/hot-views')),
  ...(await built<typeof import('../src/views/open-views.ts')>('views/open-views')),
});
type Modules = Awaited<ReturnType<typeof modules>>;

const url = 'sqlite:';
const patience = 600_000;

interface Scene extends Modules {
  readonly dataDir: string;
  readonly events: number;
  readonly head: Position;
}

const seconds = async (task: () => Promise<void> | void): Promise<number> => {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1_000;
};

/** What there is to beat: the same rows read in one go, data and metadata parsed, nothing else done. */
const yardsticks = ({ dataDir }: Scene) => {
  const db = new Database(logFile(dataDir), { readonly: true });
  const rows = db.prepare('SELECT data, metadata FROM events ORDER BY position').raw();
  let bare = 0;
  const start = performance.now();
  let page: [string, string][] = [];
  const parse = (): void => {
    const before = performance.now();
    for (const [data, metadata] of page) {
      JSON.parse(data);
      JSON.parse(metadata);
    }
    bare += performance.now() - before;
    page = [];
  };
  for (const row of rows.iterate() as IterableIterator<[string, string]>) {
    page.push(row);
    if (page.length === 1_000) parse();
  }
  parse();
  const whole = performance.now() - start;
  db.close();
  return { bare: bare / 1_000, withRead: whole / 1_000 };
};

const openScene = async ({ dataDir, openStore, openViews }: Scene) => {
  const store = await openStore(url, { dataDir, log: silentLogger });
  const views = await openViews({ url, dataDir, store, log: silentLogger });
  return { store, views };
};

const foldHot = (
  { createHotViews, follow, head }: Scene,
  store: EventStore,
  snapshot?: Snapshot,
): Promise<HotViews> =>
  new Promise((resolve, reject) => {
    const hot = createHotViews({ snapshot, log: silentLogger });
    const following = follow(store, {
      from: hot.position,
      onEvents: (events) => hot.apply(events),
      onCaughtUp: () => {
        if (hot.position < head) return;
        following.stop().then(() => resolve(hot), reject);
      },
      onFailed: reject,
      log: silentLogger,
      random: Math.random,
      clock: systemClock,
    });
  });

/** As at a start without views: the cold ones in their thread, the hot ones beside them. */
const rebuildAll = async (scene: Scene) => {
  const { store, views } = await openScene(scene);
  let hotSeconds = 0;
  const coldSeconds = await seconds(async () => {
    const cold = views.reached(scene.head, patience);
    hotSeconds = await seconds(async () => {
      const hot = await foldHot(scene, store);
      await views.saveSnapshot(hot.capture());
    });
    await cold;
  });
  await views.close();
  await store.close();
  return { together: Math.max(coldSeconds, hotSeconds), hot: hotSeconds };
};

const rebuildCold = async (scene: Scene): Promise<number> => {
  const { store, views } = await openScene(scene);
  const cold = await seconds(() => views.reached(scene.head, patience));
  await views.close();
  await store.close();
  return cold;
};

const startFromSnapshot = (scene: Scene) =>
  seconds(async () => {
    const { store, views } = await openScene(scene);
    const snapshot = await views.loadSnapshot();
    await foldHot(scene, store, snapshot);
    await views.reached(scene.head, patience);
    await views.close();
    await store.close();
  });

const forgetViews = async ({ dataDir }: Scene): Promise<void> => {
  for (const suffix of ['', '-wal', '-shm']) {
    await rm(join(dataDir, `views.db${suffix}`), { force: true });
  }
};

const written = async (dataDir: string, events: number): Promise<Scene> => {
  const loaded = await modules();
  const store = await loaded.openStore(url, { dataDir, log: silentLogger });
  await writeLog(store, events);
  const [last] = await store.readAll({ direction: 'backwards', maxCount: 1 });
  await store.close();
  return { ...loaded, dataDir, events, head: last?.position ?? asPosition('') };
};

/** Rebuilding every view from the log, beside parsing that same log. */
export const run = async ({
  events = 1_000_000,
}: RebuildOptions = {}): Promise<readonly Finding[]> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tripline-rebuild-'));
  try {
    const scene = await written(dataDir, events);
    yardsticks(scene);
    const { bare, withRead } = yardsticks(scene);
    const cold = await rebuildCold(scene);
    await forgetViews(scene);
    const { together } = await rebuildAll(scene);
    const start = await startFromSnapshot(scene);
    const whole = await serverStarts(dataDir);
    const line = (what: string, took: number): Finding => ({
      what,
      seconds: took,
      'events/s': events / took,
      '÷ read + parse': took / withRead,
      '÷ parse': took / bare,
    });
    return [
      line(`JSON.parse of ${events} events`, bare),
      line('read + JSON.parse', withRead),
      line('rebuild the views on disk', cold),
      line('rebuild all views, on disk and in memory', together),
      line('start of the views from snapshot', start),
      { what: 'start of a whole server, nothing in the log', seconds: whole.empty },
      { what: 'start of a whole server from snapshot', seconds: whole.stopped },
      { what: 'the same, killed before', seconds: whole.killed },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

export const rebuild: Part = {
  name: 'rebuild',
  title: 'Rebuilding every view from the log',
  aim: 'at most 2.5 × JSON.parse of the same log; start of a server from snapshot in less than 2 s',
  run: () => run(),
};
