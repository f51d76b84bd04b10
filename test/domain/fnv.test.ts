import { describe, expect, it } from 'vitest';
import { fnv1a } from '../../src/domain/fnv.ts';

describe('FNV-1a', () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of %j is what its authors publish', (text, published) => {
    expect(fnv1a(text) >>> 0).toBe(published);
  });
});
