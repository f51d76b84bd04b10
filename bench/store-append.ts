import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventStore, NewEvent } from '../src/store/event-store.ts';
import { openSqliteStore } from '../src/store/sqlite/store.ts';
import { openRawLog } from './raw-log.ts';

/** One count of callers; rates are appends per second, times milliseconds per append. */
export interface Row {
  readonly callers: number;
  readonly store: number;
  readonly raw: number;
  readonly ratio: number;
  readonly storeP50: number;
  readonly storeP99: number;
  readonly rawP99: number;
  /** Of the calling thread, per append to the store, in microseconds. */
  readonly mainCpu: number;
}

interface Measured {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}

type Append = Pick<EventStore, 'append'>['append'];

const callerCounts = [1, 16, 64, 256];
const eventBytes = 800;
const rounds = 3;

const eventOf = (): NewEvent => ({
  id: randomUUID(),
  type: 'InvocationQueued',
  data: { payload: 'x'.repeat(eventBytes - 260), orderingKey: null, attempt: 1 },
  metadata: {
    workspace: 'bench',
    actor: 'system:bench',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
    $correlationId: randomUUID(),
  },
});

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;

/** Each caller appends to a new stream, waits, and appends again, until the time is up. */
const measure = async (append: Append, callers: number, forMs: number): Promise<Measured> => {
  const times: number[] = [];
  const start = performance.now();
  const loop = performance.eventLoopUtilization();
  const call = async (): Promise<void> => {
    for (let before = start; before - start < forMs; ) {
      await append(`invocation-${randomUUID()}`, 'no_stream', [eventOf()]);
      const after = performance.now();
      times.push(after - before);
      before = after;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const elapsed = performance.now() - start;
  const { active } = performance.eventLoopUtilization(loop);
  const sorted = Float64Array.from(times).sort();
  return {
    rate: (times.length / elapsed) * 1000,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    cpu: (active / times.length) * 1000,
  };
};

/** The better of several rounds, taken in turns, because other work comes and goes on a machine. */
const compare = async (
  store: Append,
  raw: Append,
  callers: number,
  forMs: number,
): Promise<Row> => {
  let best: { store: Measured; raw: Measured } | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const now = {
      raw: await measure(raw, callers, forMs),
      store: await measure(store, callers, forMs),
    };
    best = {
      store: best && best.store.rate > now.store.rate ? best.store : now.store,
      raw: best && best.raw.rate > now.raw.rate ? best.raw : now.raw,
    };
  }
  if (best === undefined) throw new Error('nothing was measured');
  return {
    callers,
    store: Math.round(best.store.rate),
    raw: Math.round(best.raw.rate),
    ratio: best.store.rate / best.raw.rate,
    storeP50: best.store.p50,
    storeP99: best.store.p99,
    rawP99: best.raw.p99,
    mainCpu: best.store.cpu,
  };
};

/** Store appends against a raw append-only file with the same group commit, in one run. */
export const run = async (forMs = 2_000): Promise<Row[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'tripline-bench-'));
  const store = await openSqliteStore({ dataDir: directory });
  const raw = openRawLog(join(directory, 'raw.log'));
  try {
    await measure(store.append, 64, forMs / 4);
    await measure(raw.append, 64, forMs / 4);
    const rows: Row[] = [];
    for (const callers of callerCounts) {
      rows.push(await compare(store.append, raw.append, callers, forMs));
    }
    return rows;
  } finally {
    await store.close();
    await raw.close();
    await rm(directory, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const rows = await run(Number(process.argv[2] ?? 2_000));
  console.table(
    rows.map((row) => ({
      callers: row.callers,
      'store/s': row.store,
      'raw/s': row.raw,
      ratio: row.ratio.toFixed(2),
      'p50 ms': row.storeP50.toFixed(2),
      'p99 ms': row.storeP99.toFixed(2),
      'raw p99 ms': row.rawP99.toFixed(2),
      'main µs': row.mainCpu.toFixed(1),
    })),
  );
}
