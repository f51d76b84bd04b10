import { createBloomFilter } from './bloom-filter.ts';
import type { RunStorage } from './run-storage.ts';
import { hashOf, keyOf, offsetOf, type StreamRun } from './runs.ts';

/** A piece of writing for the next transaction; what follows the `yield` runs once it is durable. */
export type RunWrite = () => void;

export interface RunPlan {
  readonly id: number;
  readonly level: number;
  readonly first: number;
  readonly last: number;
  readonly replaced: readonly StreamRun[];
}

/** Writes a run chunk by chunk, so that no commit has to carry more than one of them. */
export function* writeRun(
  plan: RunPlan,
  chunks: Iterable<Float64Array>,
  storage: RunStorage,
): Generator<RunWrite, StreamRun> {
  const { replaced, ...stretch } = plan;
  const filter = createBloomFilter(plan.last - plan.first + 1);
  const fences: number[] = [];
  for (const keys of chunks) {
    const chunk = fences.length;
    fences.push(keys[0] ?? 0);
    for (const key of keys) filter.add(hashOf(key));
    yield () => storage.writeChunk(plan.id, chunk, keys);
  }
  const run: StreamRun = { ...stretch, fences: Float64Array.from(fences), filter };
  yield () => storage.writeRun(run, replaced);
  return run;
}

export function* chunksOf(sorted: Float64Array, keysPerChunk: number): Generator<Float64Array> {
  for (let start = 0; start < sorted.length; start += keysPerChunk) {
    yield sorted.slice(start, start + keysPerChunk);
  }
}

interface Cursor {
  readonly run: StreamRun;
  readonly shift: number;
  chunk: number;
  at: number;
  keys: Float64Array;
  head: number;
}

const step = (cursor: Cursor, storage: RunStorage): void => {
  if (cursor.at >= cursor.keys.length) {
    cursor.chunk += 1;
    cursor.at = 0;
    const more = cursor.chunk < cursor.run.fences.length;
    cursor.keys = more ? storage.chunk(cursor.run.id, cursor.chunk) : new Float64Array();
  }
  const key = cursor.keys[cursor.at];
  cursor.at += 1;
  cursor.head =
    key === undefined ? Number.POSITIVE_INFINITY : keyOf(hashOf(key), offsetOf(key) + cursor.shift);
};

/** The keys of several runs as one sorted sequence, a chunk at a time. */
export function* mergedChunks(
  runs: readonly StreamRun[],
  storage: RunStorage,
  keysPerChunk: number,
): Generator<Float64Array> {
  const base = runs[0]?.first ?? 0;
  const cursors = runs.map((run): Cursor => {
    const cursor = {
      run,
      shift: run.first - base,
      chunk: -1,
      at: 0,
      keys: new Float64Array(),
      head: 0,
    };
    step(cursor, storage);
    return cursor;
  });
  for (;;) {
    const chunk = new Float64Array(keysPerChunk);
    let size = 0;
    while (size < keysPerChunk) {
      const least = cursors.reduce((best, cursor) => (cursor.head < best.head ? cursor : best));
      if (least.head === Number.POSITIVE_INFINITY) break;
      chunk[size] = least.head;
      size += 1;
      step(least, storage);
    }
    if (size > 0) yield chunk.slice(0, size);
    if (size < keysPerChunk) return;
  }
}
