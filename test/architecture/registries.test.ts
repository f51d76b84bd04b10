import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');

interface Registry {
  readonly folder: string;
  /** Which files are entries; the others are what entries are made of. */
  readonly entry: RegExp;
  readonly notEntries: readonly string[];
}

/** Folders in which adding a thing means one file and one line in the index beside it. */
const registries: readonly Registry[] = [
  { folder: 'projections', entry: /\.ts$/, notEntries: ['projection.ts', 'bounded.ts', 'fingerprint.ts'] },
  { folder: 'src/triggers', entry: /\.ts$/, notEntries: ['kind.ts'] },
  { folder: 'src/signatures', entry: /\.ts$/, notEntries: ['scheme.ts'] },
  { folder: 'src/reactors', entry: /\.ts$/, notEntries: ['reactor.ts'] },
  { folder: 'src/store', entry: /-store\.ts$/, notEntries: ['event-store.ts'] },
];

describe.each(registries)('$folder', ({ folder, entry, notEntries }) => {
  const root = join(repository, folder);

  it('lists every one of its files in its index', async () => {
    expect(existsSync(join(root, 'index.ts'))).toBe(true);
    const index = await readFile(join(root, 'index.ts'), 'utf8');
    const entries = (await readdir(root)).filter(
      (name) => entry.test(name) && name !== 'index.ts' && !notEntries.includes(name),
    );
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((name) => !index.includes(`'./${name}'`))).toEqual([]);
  });
});
