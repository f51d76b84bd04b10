import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');

interface Registry {
  readonly folder: string;
  /** How a file says that it is an entry; the others are what entries are made of. */
  readonly declares: RegExp;
}

/** Folders in which adding a thing means one file and one line in the index beside it. */
const registries: readonly Registry[] = [
  { folder: 'projections', declares: /= define(Envelope)?Projection[<(]/ },
  { folder: 'src/triggers', declares: /= defineKind[<(]/ },
  { folder: 'src/signatures', declares: /: SignatureScheme(<\w+>)? = / },
  { folder: 'src/filters', declares: /: FilterLanguage = / },
  { folder: 'src/targets', declares: /: TargetType = / },
  { folder: 'src/routing/reactors', declares: /: Reactor = |= defineReactor[<(]/ },
  { folder: 'src/store', declares: /export const (open|create)\w+Store = / },
];

describe.each(registries)('$folder', ({ folder, declares }) => {
  const root = join(repository, folder);

  it('lists every one of its entries in its index', async () => {
    const names = (await readdir(root, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && name !== 'index.ts',
    );
    const texts = await Promise.all(names.map((name) => readFile(join(root, name), 'utf8')));
    const entries = names.filter((_, i) => declares.test(texts[i] ?? ''));
    expect(entries.length).toBeGreaterThan(0);
    const index = await readFile(join(root, 'index.ts'), 'utf8');
    expect(entries.filter((name) => !index.includes(`'./${name}'`))).toEqual([]);
  });
});
