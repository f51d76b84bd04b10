import { describe, expect, it } from 'vitest';
import { createBloomFilter } from '../../../../src/store/sqlite/stream-index/bloom-filter.ts';
import {
  hashOf,
  keyOf,
  maxSpan,
  offsetOf,
  positionsIn,
  type StreamRun,
} from '../../../../src/store/sqlite/stream-index/runs.ts';

/** A run of two keys a chunk, and which of its chunks were asked for. */
const runOfKeys = (keys: readonly number[], first = 101) => {
  const filter = createBloomFilter(keys.length);
  for (const key of keys) filter.add(hashOf(key));
  const chunks = keys.flatMap((_, at) => (at % 2 === 0 ? [keys.slice(at, at + 2)] : []));
  const run: StreamRun = {
    id: 7,
    level: 0,
    first,
    last: first + 99,
    fences: Float64Array.from(chunks.map(([key]) => key ?? 0)),
    filter,
  };
  const asked: number[] = [];
  return {
    run,
    asked,
    find: (hash: number) =>
      positionsIn(run, hash, {
        chunk: (id, chunk) => {
          expect(id).toBe(7);
          asked.push(chunk);
          return Float64Array.from(chunks[chunk] ?? []);
        },
      }),
  };
};

const highest = 2 ** 32 - 1;
const keys = [
  keyOf(0, 3),
  keyOf(5, 1),
  keyOf(5, 2),
  keyOf(5, 40),
  keyOf(5, 41),
  keyOf(6, 0),
  keyOf(9, maxSpan - 1),
  keyOf(highest, 7),
];

describe('a run', () => {
  it('packs a hash and an offset into one number, however large they are', () => {
    const key = keyOf(highest, maxSpan - 1);

    expect([hashOf(key), offsetOf(key), Number.isSafeInteger(key)]).toEqual([
      highest,
      maxSpan - 1,
      true,
    ]);
  });

  it.each([
    ['at its beginning', 0, [104], [0]],
    ['over several chunks', 5, [102, 103, 141, 142], [0, 1, 2]],
    ['in the middle of a chunk', 6, [101], [2]],
    ['at the largest offset', 9, [101 + maxSpan - 1], [2, 3]],
    ['at its end', highest, [108], [3]],
  ])('finds a stream %s, and reads no more chunks than it must', (_, hash, positions, chunks) => {
    const { find, asked } = runOfKeys(keys);

    expect(find(hash)).toEqual(positions);
    expect(asked).toEqual(chunks);
  });

  it('reads nothing for a stream that its filter does not hold', () => {
    const { find, asked } = runOfKeys(keys);

    expect(find(123_456)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('finds nothing where its filter was mistaken', () => {
    const { find, run } = runOfKeys(keys);
    for (const hash of [7, highest - 1]) run.filter.add(hash);

    expect([find(7), find(highest - 1)]).toEqual([[], []]);
  });
});
