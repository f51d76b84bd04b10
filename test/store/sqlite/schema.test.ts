import { describe, expect, it } from 'vitest';
import { prepareSchema } from '../../../src/store/sqlite/schema.ts';
import { createBloomFilter } from '../../../src/store/sqlite/stream-index/bloom-filter.ts';
import { createRunStorage } from '../../../src/store/sqlite/stream-index/run-storage.ts';
import { keyOf } from '../../../src/store/sqlite/stream-index/runs.ts';
import { emptyLog } from './empty-log.ts';

describe('the layout of a log', () => {
  const open = emptyLog();
  const version = (): unknown => open().pragma('user_version', { simple: true });

  it('is left alone where it is of this release', () => {
    prepareSchema(open());

    expect([version(), open().pragma('application_id', { simple: true })]).toEqual([3, 0x54524950]);
  });

  it('of the first release gets filters that hold what its runs have', () => {
    const storage = createRunStorage(open());
    const [first, second] = [[11, 22], [33]].map((hashes) =>
      Float64Array.from(hashes, (hash) => keyOf(hash, 0)),
    );
    storage.writeChunk(1, 0, first!);
    storage.writeChunk(1, 1, second!);
    const fences = Float64Array.from([first![0]!, second![0]!]);
    const run = { id: 1, level: 0, first: 1, last: 3, fences, filter: createBloomFilter(3) };
    storage.writeRun(run, []);
    open().pragma('user_version = 1');
    prepareSchema(open());
    const [found] = createRunStorage(open()).load();

    expect(version()).toBe(3);
    expect([11, 22, 33, 44].map((hash) => found?.filter.mayHold(hash))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(found).toMatchObject({ id: 1, level: 0, first: 1, last: 3, fences });
  });

  it('of the release before gets a place for payloads', () => {
    open().exec('DROP TABLE payloads');
    open().pragma('user_version = 2');
    prepareSchema(open());

    expect(version()).toBe(3);
    expect(open().prepare('SELECT count(*) FROM payloads').pluck().get()).toBe(0);
  });

  it.each([
    ['of a later release', 'user_version = 4', 'it has layout 4, this program knows 3'],
    ['of another program', 'application_id = 7', 'it is not a log of this program'],
  ])('%s is refused', (_, pragma, message) => {
    open().pragma(pragma);

    expect(() => prepareSchema(open())).toThrow(
      expect.objectContaining({ code: 'corrupt-store', message: expect.stringContaining(message) }),
    );
  });
});
