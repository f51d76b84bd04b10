import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { built } from './built.ts';
import type { Finding, Part } from './part.ts';
import { newDataDir } from './product.ts';
import { residentMemory } from './resident-memory.ts';

type Connection = import('../src/store/sqlite/database.ts').Connection;
type StreamIndex = import('../src/store/sqlite/stream-index/stream-index.ts').StreamIndex;

const modules = async () => ({
  ...(await built<typeof import('../src/store/sqlite/database.ts')>('store/sqlite/database')),
  ...(await built<typeof import('../src/store/sqlite/schema.ts')>('store/sqlite/schema')),
  ...(await built<typeof import('../src/store/sqlite/stream-index/run-storage.ts')>(
    'store/sqlite/stream-index/run-storage',
  )),
  ...(await built<typeof import('../src/store/sqlite/stream-index/stream-index.ts')>(
    'store/sqlite/stream-index/stream-index',
  )),
  ...(await built<typeof import('../src/store/sqlite/stream-index/stream-hash.ts')>(
    'store/sqlite/stream-index/stream-hash',
  )),
});
type Modules = Awaited<ReturnType<typeof modules>>;

/** Of a group, so many go to streams that are there. */
const group = { events: 128, toOldStreams: 4 };
const batch = 65_536;
const lookups = 10_000;

const { TRIPLINE_BENCH_INDEXED = '1000000,10000000' } = process.env;
const milestones = TRIPLINE_BENCH_INDEXED.split(',').map(Number);

const isToOldStream = (position: number): boolean =>
  position % group.events < group.toOldStreams && position > group.events;

/** Of an event, the place of the first one in its stream: old streams are from anywhere before. */
const firstOf = (position: number): number => {
  let at = position;
  while (isToOldStream(at)) at = 1 + Math.floor((at * 0.618_033_988_7 * 1_000) % (at - 1));
  return at;
};
const streamOf = (position: number): string =>
  `arrival-${Math.imul(firstOf(position), 0x9e37_79b1) >>> 0}-5a0e-4a0e-9d53-${firstOf(position)}`;

/** What finds streams, over events that are nowhere but in their positions. */
interface Contestant {
  readonly name: string;
  add(position: number): void;
  /** What a group carries along. */
  commit(): void;
  lookUp(stream: string): void;
}

const revisions = new Map<string, number>();
const nextRevision = (position: number): number => {
  if (!isToOldStream(position)) return 0;
  const stream = streamOf(position);
  const next = (revisions.get(stream) ?? 0) + 1;
  revisions.set(stream, next);
  return next;
};

const runsOf = ({ createRunStorage, createStreamIndex }: Modules, db: Connection): Contestant => {
  const index: StreamIndex = createStreamIndex(createRunStorage(db), (position) => ({
    ...{ stream: streamOf(position), revision: 0 },
  }));
  const transaction = db.transaction(() => index.pendingWrite()?.());
  return {
    name: 'runs',
    add: (position) => index.add(streamOf(position), nextRevision(position), position),
    commit() {
      if (index.pendingWrite() === undefined) return;
      transaction();
      index.written();
    },
    lookUp: (stream) => void index.lastOf(stream),
  };
};

/** The simplest that could do: rows of a table, sorted before they are written. */
const tableOf = ({ streamHash }: Modules, db: Connection): Contestant => {
  db.exec(
    'CREATE TABLE IF NOT EXISTS places (hash, position, PRIMARY KEY (hash, position)) WITHOUT ROWID',
  );
  const insert = db.prepare('INSERT INTO places VALUES (?, ?)');
  const select = db.prepare('SELECT position FROM places WHERE hash = ? ORDER BY position DESC');
  let young: [hash: number, position: number][] = [];
  const write = db.transaction(() => {
    young.sort(([a, at], [b, other]) => a - b || at - other);
    for (const place of young) insert.run(...place);
  });
  return {
    name: 'table in sorted batches',
    add: (position) => void young.push([streamHash(streamOf(position)), position]),
    commit() {
      if (young.length < batch) return;
      write();
      young = [];
    },
    lookUp: (stream) => void select.get(streamHash(stream)),
  };
};

const writtenBytes = (): number =>
  Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

const microsecondsFor = (count: number, task: (n: number) => void): number => {
  const from = performance.now();
  for (let n = 0; n < count; n += 1) task(n);
  return ((performance.now() - from) * 1_000) / count;
};

const checkpointEvery = 64 * 1_048_576;

const measure = async (
  loaded: Modules,
  make: (loaded: Modules, db: Connection) => Contestant,
  until: readonly number[],
): Promise<readonly Finding[]> => {
  const dataDir = await newDataDir();
  const file = join(dataDir, 'index.db');
  const open = (): Connection => {
    const db = loaded.openDurable(file);
    loaded.prepareSchema(db);
    return db;
  };
  const findings: Finding[] = [];
  let db = open();
  let contestant = make(loaded, db);
  revisions.clear();
  let position = 0;
  try {
    const before = { cpu: process.cpuUsage(), written: writtenBytes() };
    for (const most of until) {
      const from = performance.now();
      const begun = position;
      while (position < most) {
        for (let n = 0; n < group.events; n += 1) {
          position += 1;
          contestant.add(position);
        }
        contestant.commit();
        if (statSync(`${file}-wal`).size > checkpointEvery) db.pragma('wal_checkpoint(TRUNCATE)');
      }
      const seconds = (performance.now() - from) / 1_000;
      const { user, system } = process.cpuUsage(before.cpu);
      const known = microsecondsFor(lookups, () =>
        contestant.lookUp(streamOf(1 + Math.floor(Math.random() * position))),
      );
      const unknown = microsecondsFor(lookups, () =>
        contestant.lookUp(`arrival-${randomBytes(16).toString('hex')}`),
      );
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
      const opened = performance.now();
      db = open();
      contestant = make(loaded, db);
      findings.push({
        what: `${contestant.name}, ${position / 1e6} million events`,
        'events/s': (position - begun) / seconds,
        'µs of processor each': (user + system) / position,
        'bytes written each': (writtenBytes() - before.written) / position,
        'bytes on disk each': statSync(file).size / position,
        'old stream µs': known,
        'new stream µs': unknown,
        'opened in ms': performance.now() - opened,
        'resident MiB': (await residentMemory(process.pid)).now,
      });
    }
  } finally {
    db.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return findings;
};

export const streamIndex: Part = {
  name: 'stream-index',
  title:
    'What finds the events of a stream, by itself: 128 events a commit, four of them to old streams',
  aim: 'the same cost at any length',
  run: async () => {
    const loaded = await modules();
    const upTo = (most: number) => milestones.filter((events) => events <= most);
    return [
      ...(await measure(loaded, runsOf, milestones)),
      ...(await measure(loaded, tableOf, upTo(10_000_000))),
    ];
  },
};
