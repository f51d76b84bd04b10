import { type BloomFilter, bloomFilterOver } from './bloom-filter.ts';

/**
 * A run tells, for a stretch of the log, at which positions the events of a stream are. Its keys
 * are a stream's hash and an offset into the stretch in one number, sorted, cut into chunks; the
 * first key of each chunk and a filter of the hashes stay in memory.
 */
export interface StreamRun {
  readonly id: number;
  /** How often its entries were merged. */
  readonly level: number;
  readonly first: number;
  readonly last: number;
  readonly fences: Float64Array;
  readonly filter: BloomFilter;
}

/** A run may not span more positions: hash and offset share the 53 bits of a number. */
export const maxSpan = 2 ** 21;

export const keyOf = (hash: number, offset: number): number => hash * maxSpan + offset;
export const hashOf = (key: number): number => Math.floor(key / maxSpan);
export const offsetOf = (key: number): number => key % maxSpan;

export const runOf = (row: Omit<StreamRun, 'filter'>, filterWords: Uint32Array): StreamRun => ({
  ...row,
  filter: bloomFilterOver(filterWords),
});

/** The first index whose key is not below the one sought. */
const lowerBound = (keys: Float64Array, sought: number): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) < sought) low = middle + 1;
    else high = middle;
  }
  return low;
};

export interface ChunkSource {
  chunk(run: number, chunk: number): Float64Array;
}

/** Positions in rising order; some may belong to another stream of the same hash. */
export const positionsIn = (run: StreamRun, hash: number, storage: ChunkSource): number[] => {
  const found: number[] = [];
  if (!run.filter.mayHold(hash)) return found;
  const start = keyOf(hash, 0);
  const end = keyOf(hash + 1, 0);
  let chunk = Math.max(lowerBound(run.fences, start) - 1, 0);
  while ((run.fences[chunk] ?? end) < end) {
    const keys = storage.chunk(run.id, chunk);
    for (let at = lowerBound(keys, start); (keys[at] ?? end) < end; at += 1) {
      found.push(run.first + offsetOf(keys[at] ?? 0));
    }
    chunk += 1;
  }
  return found;
};
