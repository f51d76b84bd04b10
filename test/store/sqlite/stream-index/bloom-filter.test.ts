import { describe, expect, it } from 'vitest';
import {
  bloomFilterOver,
  createBloomFilter,
} from '../../../../src/store/sqlite/stream-index/bloom-filter.ts';
import { streamHash } from '../../../../src/store/sqlite/stream-index/stream-hash.ts';

const hashes = (prefix: string, count: number): number[] =>
  Array.from({ length: count }, (_, at) => streamHash(`${prefix}-${at}`));

const filterOf = (members: readonly number[]) => {
  const filter = createBloomFilter(members.length);
  for (const hash of members) filter.add(hash);
  return filter;
};

describe('a filter of hashes', () => {
  it('holds every hash that it was given', () => {
    const members = hashes('member', 5_000);
    const filter = filterOf(members);

    expect(members.filter((hash) => !filter.mayHold(hash))).toEqual([]);
  });

  it('takes one in four hundred strangers for known, about', () => {
    const filter = filterOf(hashes('member', 4_096));
    const taken = hashes('stranger', 40_000).filter((hash) => filter.mayHold(hash)).length;

    expect(taken).toBeGreaterThan(40);
    expect(taken).toBeLessThan(180);
  });

  it('holds nothing at first', () => {
    const filter = createBloomFilter(100);

    expect(hashes('stranger', 1_000).some((hash) => filter.mayHold(hash))).toBe(false);
  });

  it('sets four bits for each hash, spread over all of its words', () => {
    const filter = createBloomFilter(4_096);
    const bits = (): number =>
      filter.words.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
    filter.add(streamHash('one'));
    expect(bits()).toBe(4);
    for (const hash of hashes('member', 4_096)) filter.add(hash);

    expect(filter.words.filter((word) => word === 0).length).toBeLessThan(10);
    expect(filter.words.length / 2 - filter.words.findIndex((word) => word !== 0)).toBeGreaterThan(
      0,
    );
  });

  it.each([
    [0, 32],
    [64, 32],
    [65, 64],
    [16_384, 8_192],
  ])('has sixteen bits for each of its entries, in a power of two: %i', (entries, words) => {
    expect(createBloomFilter(entries).words).toHaveLength(words);
  });

  it('says the same once it was written and read back', () => {
    const members = hashes('member', 300);
    const { words } = filterOf(members);
    const again = bloomFilterOver(Uint32Array.from(words));
    const strangers = hashes('stranger', 300);
    const filter = filterOf(members);

    expect([...members, ...strangers].map((hash) => again.mayHold(hash))).toEqual(
      [...members, ...strangers].map((hash) => filter.mayHold(hash)),
    );
  });
});
