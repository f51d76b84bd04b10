import { crc32 } from 'node:zlib';
import { type Connection, corruptStore } from '../database.ts';
import { standardSizes } from './index-sizes.ts';
import { type ChunkSource, runOf, type StreamRun } from './runs.ts';

interface RunRow {
  readonly run: number;
  readonly level: number;
  readonly first: number;
  readonly last: number;
  readonly fences: Buffer;
  readonly filter: Buffer;
  readonly checksum: number;
}

/**
 * Runs on disk. Whatever is written belongs to the transaction at hand. The chunks of a run are
 * there before the run is made known and until after it was replaced: whoever still reads by the
 * runs of before finds all of them.
 */
export interface RunStorage extends ChunkSource {
  /** All runs that are known, oldest stretch first. */
  load(): StreamRun[];
  /** Runs that have chunks and are not known: never finished, or replaced. */
  leftovers(): number[];
  writeChunk(run: number, chunk: number, keys: Float64Array): void;
  /** Makes a run known in place of those that it replaces. */
  writeRun(run: StreamRun, replaced: readonly StreamRun[]): void;
  /** Of a run that is not known any more, and that nobody reads by. */
  deleteChunks(run: number): void;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
/** Copied, because the driver's buffers are not aligned. */
const aligned = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
const checksumOf = (fences: Buffer, filter: Buffer): number => crc32(filter, crc32(fences));

/** The chunks read last. A run's chunks never change, and its number is not given to another. */
const createChunkCache = (
  read: (run: number, chunk: number) => Float64Array,
  capacity: number,
): ChunkSource => {
  const cache = new Map<string, Float64Array>();
  return {
    chunk: (run, chunk) => {
      const key = `${run}/${chunk}`;
      const keys = cache.get(key) ?? read(run, chunk);
      cache.delete(key);
      cache.set(key, keys);
      if (cache.size > capacity) {
        for (const oldest of cache.keys()) {
          cache.delete(oldest);
          break;
        }
      }
      return keys;
    },
  };
};

export const createRunStorage = (
  db: Connection,
  chunksInMemory = standardSizes.chunksInMemory,
): RunStorage => {
  const selectRuns = db.prepare<[], RunRow>('SELECT * FROM stream_runs ORDER BY first');
  const selectChunk = db.prepare<[number, number], { keys: Buffer; checksum: number }>(
    'SELECT keys, checksum FROM stream_run_chunks WHERE run = ? AND chunk = ?',
  );
  // From one run to the next, for the chunks between are many.
  const selectLeftovers = db
    .prepare<[], number>(
      `WITH RECURSIVE present(run) AS (
         SELECT min(run) FROM stream_run_chunks
         UNION ALL
         SELECT (SELECT min(run) FROM stream_run_chunks c WHERE c.run > present.run) FROM present
         WHERE present.run IS NOT NULL)
       SELECT run FROM present WHERE run IS NOT NULL AND run NOT IN (SELECT run FROM stream_runs)`,
    )
    .pluck();
  const insertChunk = db.prepare('INSERT INTO stream_run_chunks VALUES (?, ?, ?, ?)');
  const insertRun = db.prepare('INSERT INTO stream_runs VALUES (?, ?, ?, ?, ?, ?, ?)');
  const deleteRun = db.prepare('DELETE FROM stream_runs WHERE run = ?');
  const deleteChunks = db.prepare('DELETE FROM stream_run_chunks WHERE run = ?');

  const read = (run: number, chunk: number): Float64Array => {
    const row = selectChunk.get(run, chunk);
    if (row === undefined || crc32(row.keys) !== row.checksum) {
      throw corruptStore(
        db.name,
        `chunk ${chunk} of run ${run} of the stream index is not as written`,
      );
    }
    return new Float64Array(aligned(row.keys));
  };

  return {
    ...createChunkCache(read, chunksInMemory),
    load: () =>
      selectRuns.all().map(({ run, level, first, last, fences, filter, checksum }) => {
        if (checksumOf(fences, filter) !== checksum) {
          throw corruptStore(db.name, `run ${run} of the stream index is not as written`);
        }
        const row = { id: run, level, first, last, fences: new Float64Array(aligned(fences)) };
        return runOf(row, new Uint32Array(aligned(filter)));
      }),
    leftovers: () => selectLeftovers.all(),
    writeChunk: (run, chunk, keys) => {
      const bytes = bytesOf(keys);
      insertChunk.run(run, chunk, bytes, crc32(bytes));
    },
    writeRun: ({ id, level, first, last, fences, filter }, replaced) => {
      const [fenceBytes, filterBytes] = [bytesOf(fences), bytesOf(filter.words)];
      const checksum = checksumOf(fenceBytes, filterBytes);
      for (const old of replaced) deleteRun.run(old.id);
      insertRun.run(id, level, first, last, fenceBytes, filterBytes, checksum);
    },
    deleteChunks: (run) => {
      deleteChunks.run(run);
    },
  };
};
