import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/store/sqlite/database.ts';
import { createBloomFilter } from '../../../../src/store/sqlite/stream-index/bloom-filter.ts';
import { createRunStorage } from '../../../../src/store/sqlite/stream-index/run-storage.ts';
import type { StreamRun } from '../../../../src/store/sqlite/stream-index/runs.ts';
import { emptyLog } from '../empty-log.ts';

const runNumber = (id: number, first: number): StreamRun => {
  const filter = createBloomFilter(10);
  filter.add(id);
  return { id, level: 1, first, last: first + 9, fences: Float64Array.from([id, 2 * id]), filter };
};

describe('runs on disk', () => {
  const open = emptyLog();
  let db: Connection;
  beforeEach(() => {
    db = open();
  });
  const damaged = (message: string) =>
    expect.objectContaining({ code: 'corrupt-store', message: expect.stringContaining(message) });

  it('come back as they were written, the oldest stretch first', () => {
    const storage = createRunStorage(db);
    storage.writeRun(runNumber(1, 21), []);
    storage.writeRun(runNumber(2, 1), []);

    expect(JSON.stringify(createRunStorage(db).load())).toBe(
      JSON.stringify([runNumber(2, 1), runNumber(1, 21)]),
    );
    expect(createRunStorage(db).load()[0]?.filter.mayHold(2)).toBe(true);
  });

  it('take the place of those they replace, whose chunks stay until they are deleted', () => {
    const storage = createRunStorage(db);
    const old = [1, 2].map((id) => runNumber(id, id * 10));
    for (const run of old) {
      storage.writeChunk(run.id, 0, Float64Array.from([run.id]));
      storage.writeRun(run, []);
    }
    storage.writeChunk(3, 0, Float64Array.from([3]));
    expect(storage.leftovers()).toEqual([3]);
    storage.writeRun(runNumber(3, 10), old);

    expect(storage.load().map(({ id }) => id)).toEqual([3]);
    expect(storage.leftovers()).toEqual([1, 2]);
    expect([...storage.chunk(1, 0), ...storage.chunk(2, 0)]).toEqual([1, 2]);
    storage.deleteChunks(1);
    expect(storage.leftovers()).toEqual([2]);
    expect(() => createRunStorage(db).chunk(1, 0)).toThrow(damaged('chunk 0 of run 1'));
    expect([...createRunStorage(db).chunk(2, 0)]).toEqual([2]);
  });

  it('leave nothing over where there is nothing', () => {
    expect(createRunStorage(db).leftovers()).toEqual([]);
  });

  it('are read once as long as few chunks are, and those not asked for lately are let go', () => {
    const storage = createRunStorage(db, 2);
    for (const chunk of [0, 1, 2]) storage.writeChunk(1, chunk, Float64Array.from([chunk]));
    const read = (chunk: number): boolean => {
      try {
        return storage.chunk(1, chunk)[0] === chunk;
      } catch {
        return false;
      }
    };
    for (const chunk of [0, 1, 0, 2]) read(chunk);
    storage.deleteChunks(1);

    expect([0, 2, 1].map(read)).toEqual([true, true, false]);
  });

  it.each([
    ['fences', 'run 4 of'],
    ['filter', 'run 4 of'],
  ])('are refused when their %s are not as written', (column, named) => {
    createRunStorage(db).writeRun(runNumber(4, 1), []);
    db.exec(`UPDATE stream_runs SET ${column} = zeroblob(length(${column}))`);

    expect(() => createRunStorage(db).load()).toThrow(damaged(named));
  });

  it('are refused when a chunk is not as written', () => {
    createRunStorage(db).writeChunk(5, 2, Float64Array.from([1, 2]));
    db.exec('UPDATE stream_run_chunks SET keys = zeroblob(16)');

    expect(() => createRunStorage(db).chunk(5, 2)).toThrow(damaged('chunk 2 of run 5'));
  });
});
