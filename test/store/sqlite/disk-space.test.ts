import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fill, freeBytes, sizeOf } from '../../../src/store/sqlite/disk-space.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

it.each([0, 5, 1_048_576, 2_500_000])(
  'fills a file with zeros behind what it has, up to a size: from %i bytes',
  async (before) => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'file');
    writeFileSync(file, Buffer.alloc(before, 1));
    fill(file, 2_500_000);
    const bytes = readFileSync(file);

    expect(sizeOf(file)).toBe(2_500_000);
    expect(bytes.subarray(0, before).every((byte) => byte === 1)).toBe(true);
    expect(bytes.subarray(before).every((byte) => byte === 0)).toBe(true);
  },
);

it('takes nothing away from a file that is longer', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'file');
  writeFileSync(file, 'abc');
  fill(file, 2);

  expect(readFileSync(file, 'utf8')).toBe('abc');
});

it('knows that a file which is not there takes no space', () => {
  expect(sizeOf('/nowhere/at/all')).toBe(0);
});

it('counts the space that whoever asks may use', async () => {
  await using directory = await temporaryDirectory();
  const { bsize, blocks } = statfsSync(directory.path);

  expect(freeBytes(directory.path)).toBeGreaterThan(1_048_576);
  expect(freeBytes(directory.path)).toBeLessThan(bsize * blocks);
});
