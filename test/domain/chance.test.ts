import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';

describe("the system's chance", () => {
  it('never gives an id twice', () => {
    const count = 10_000;
    expect(new Set(Array.from({ length: count }, () => systemChance.newId())).size).toBe(count);
  });

  it('gives as many bytes as it is asked for', () => {
    for (const count of [0, 16, 64, 65, 5_000]) {
      expect(systemChance.bytes(count)).toHaveLength(count);
    }
  });

  it('never gives bytes twice, and leaves those that it gave alone', () => {
    const given = Array.from({ length: 1_000 }, () => systemChance.bytes(16));
    const then = given.map((bytes) => bytes.toString('hex'));
    expect(new Set(then).size).toBe(1_000);
    Array.from({ length: 1_000 }, () => systemChance.bytes(16));
    expect(given.map((bytes) => bytes.toString('hex'))).toEqual(then);
    expect(then).not.toContain('0'.repeat(32));
  });
});
