import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventStore, NewEvent } from '../src/store/event-store.ts';
import { built } from './built.ts';
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
  /** Of the whole process, per append, in microseconds: other work on the machine changes it less. */
  readonly storeCpu: number;
  readonly rawCpu: number;
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
const rounds = 5;

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
  const cpuBefore = process.cpuUsage();
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
  const { user, system } = process.cpuUsage(cpuBefore);
  const sorted = Float64Array.from(times).sort();
  return {
    rate: (times.length / elapsed) * 1000,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    cpu: (user + system) / times.length,
  };
};

const median = (values: readonly number[]): number =>
  quantile(Float64Array.from(values).sort(), 0.5);

/** Medians of several rounds, taken in turns, because other work comes and goes on a machine. */
const compare = async (
  store: Append,
  raw: Append,
  callers: number,
  forMs: number,
): Promise<Row> => {
  const pairs: { readonly raw: Measured; readonly store: Measured }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push({
      raw: await measure(raw, callers, forMs),
      store: await measure(store, callers, forMs),
    });
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(of));
  return {
    callers,
    store: Math.round(middle((pair) => pair.store.rate)),
    raw: Math.round(middle((pair) => pair.raw.rate)),
    ratio: middle((pair) => pair.store.rate / pair.raw.rate),
    storeP50: middle((pair) => pair.store.p50),
    storeP99: middle((pair) => pair.store.p99),
    rawP99: middle((pair) => pair.raw.p99),
    storeCpu: middle((pair) => pair.store.cpu),
    rawCpu: middle((pair) => pair.raw.cpu),
  };
};

/** Store appends against a raw append-only file with the same group commit, in one run. */
export const run = async (forMs = 1_500): Promise<Row[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'tripline-bench-'));
  const { openSqliteStore } =
    await built<typeof import('../src/store/sqlite/store.ts')>('store/sqlite/store');
  const store = await openSqliteStore({ dataDir: directory });
  const raw = await openRawLog(join(directory, 'raw.log'));
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
  const rows = await run(Number(process.argv[2] ?? 1_500));
  console.table(
    rows.map((row) => ({
      callers: row.callers,
      'store/s': row.store,
      'raw/s': row.raw,
      ratio: row.ratio.toFixed(2),
      'p50 ms': row.storeP50.toFixed(2),
      'p99 ms': row.storeP99.toFixed(2),
      'raw p99 ms': row.rawP99.toFixed(2),
      'CPU µs': row.storeCpu.toFixed(1),
      'raw CPU µs': row.rawCpu.toFixed(1),
    })),
  );
}
