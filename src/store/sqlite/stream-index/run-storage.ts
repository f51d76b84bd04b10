import { crc32 } from 'node:zlib';
import { type Connection, corruptStore } from '../database.ts';
import { type ChunkSource, runOf, type StreamRun } from './runs.ts';

const chunksInMemory = 128;

interface RunRow {
  readonly run: number;
  readonly level: number;
  readonly first: number;
  readonly last: number;
  readonly fences: Buffer;
  readonly filter: Buffer;
  readonly checksum: number;
}

export interface RunStorage extends ChunkSource {
  /** All runs, oldest stretch first. */
  load(): StreamRun[];
  writeChunk(run: number, chunk: number, keys: Float64Array): void;
  /** Makes a run known and forgets the ones it replaces, within the transaction at hand. */
  writeRun(run: StreamRun, replaced: readonly StreamRun[]): void;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
/** Copied, because the driver's buffers are not aligned. */
const aligned = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
const checksumOf = (fences: Buffer, filter: Buffer): number => crc32(filter, crc32(fences));

export const createRunStorage = (db: Connection): RunStorage => {
  const selectRuns = db.prepare<[], RunRow>('SELECT * FROM stream_runs ORDER BY first');
  const selectChunk = db.prepare<[number, number], { keys: Buffer; checksum: number }>(
    'SELECT keys, checksum FROM stream_run_chunks WHERE run = ? AND chunk = ?',
  );
  const insertChunk = db.prepare('INSERT OR REPLACE INTO stream_run_chunks VALUES (?, ?, ?, ?)');
  const insertRun = db.prepare('INSERT INTO stream_runs VALUES (?, ?, ?, ?, ?, ?, ?)');
  const deleteRun = db.prepare('DELETE FROM stream_runs WHERE run = ?');
  const deleteChunks = db.prepare('DELETE FROM stream_run_chunks WHERE run = ?');
  const cache = new Map<string, Float64Array>();

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
    load: () =>
      selectRuns.all().map(({ run, level, first, last, fences, filter, checksum }) => {
        if (checksumOf(fences, filter) !== checksum) {
          throw corruptStore(db.name, `run ${run} of the stream index is not as written`);
        }
        const row = { id: run, level, first, last, fences: new Float64Array(aligned(fences)) };
        return runOf(row, new Uint32Array(aligned(filter)));
      }),
    chunk: (run, chunk) => {
      const key = `${run}/${chunk}`;
      const keys = cache.get(key) ?? read(run, chunk);
      cache.delete(key);
      cache.set(key, keys);
      if (cache.size > chunksInMemory) {
        for (const oldest of cache.keys()) {
          cache.delete(oldest);
          break;
        }
      }
      return keys;
    },
    writeChunk: (run, chunk, keys) => {
      const bytes = bytesOf(keys);
      insertChunk.run(run, chunk, bytes, crc32(bytes));
    },
    writeRun: ({ id, level, first, last, fences, filter }, replaced) => {
      const [fenceBytes, filterBytes] = [bytesOf(fences), bytesOf(filter.words)];
      const checksum = checksumOf(fenceBytes, filterBytes);
      for (const old of replaced) {
        deleteRun.run(old.id);
        deleteChunks.run(old.id);
      }
      insertRun.run(id, level, first, last, fenceBytes, filterBytes, checksum);
    },
  };
};
