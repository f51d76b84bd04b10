import { describe, expect, it } from 'vitest';
import { hashOf, offsetOf } from '../../../../src/store/sqlite/stream-index/runs.ts';
import { streamHash } from '../../../../src/store/sqlite/stream-index/stream-hash.ts';
import { createYoungStreams } from '../../../../src/store/sqlite/stream-index/young-streams.ts';

describe('young streams', () => {
  it('know where the events are that they were told of, and how many those are', () => {
    const young = createYoungStreams();
    young.add('new', 0, 11);
    young.add('old', 7, 12);
    young.add('new', 1, 13);
    young.add('new', 2, 14);
    young.add('old', 8, 15);

    expect(young.size).toBe(5);
    expect([young.lastOf('new'), young.lastOf('old'), young.lastOf('other')]).toEqual([
      2,
      8,
      undefined,
    ]);
    expect([...young.positionsOf('new')]).toEqual([11, 13, 14]);
    expect([...young.positionsOf('old')]).toEqual([12, 15]);
    expect([...young.positionsOf('other')]).toEqual([]);
  });

  it('take the latest back, one by one, until nothing is known of a stream', () => {
    const young = createYoungStreams();
    for (const [revision, position] of [3, 4, 5].entries()) young.add('new', revision, position);
    young.add('old', 4, 6);
    young.undo('old');
    expect([young.lastOf('old'), young.size]).toEqual([undefined, 3]);
    young.undo('new');
    expect([young.lastOf('new'), young.size]).toEqual([1, 2]);
    young.undo('new');
    expect([young.lastOf('new'), [...young.positionsOf('new')]]).toEqual([0, [3]]);
    young.undo('new');
    expect([young.lastOf('new'), [...young.positionsOf('new')], young.size]).toEqual([
      undefined,
      [],
      0,
    ]);
    young.undo('new');
    expect(young.size).toBe(0);
  });

  it('give the keys of a run: hash and offset, in order', () => {
    const young = createYoungStreams();
    for (const [at, name] of ['a', 'b', 'a', 'c'].entries())
      young.add(name, at === 2 ? 1 : 0, 10 + at);
    const keys = [...young.sortedKeys(10)];
    const expected = [
      ['a', 0],
      ['a', 2],
      ['b', 1],
      ['c', 3],
    ].map(([name, offset]) => [streamHash(String(name)), offset]);

    expect(keys).toEqual([...keys].sort((a, b) => a - b));
    expect(keys.map((key) => [hashOf(key), offsetOf(key)])).toEqual(
      expected.sort(
        ([a = 0, x = 0], [b = 0, y = 0]) => Number(a) - Number(b) || Number(x) - Number(y),
      ),
    );
  });
});
