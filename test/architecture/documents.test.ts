import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const repository = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFile(join(repository, name), 'utf8');

const exists = (path: string) =>
  access(join(repository, path)).then(
    () => true,
    () => false,
  );

describe.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s', (name) => {
  it('names no file and no folder that is not there', async () => {
    const named = [...(await read(name)).matchAll(/`((?:src|test|projections|bench)\/[\w./-]*)`/g)];
    const paths = [...new Set(named.map(([, path = '']) => path))];
    expect(paths.length).toBeGreaterThan(0);
    const there = await Promise.all(paths.map(exists));
    expect(paths.filter((_, at) => !there[at])).toEqual([]);
  });

  it('is one page', async () => {
    expect((await read(name)).split('\n').length).toBeLessThan(130);
  });
});

describe('CONTRIBUTING.md', () => {
  it('lists the commands there are, and no other', async () => {
    const rows = [...(await read('CONTRIBUTING.md')).matchAll(/^\| `npm (?:run )?(\w+)` \|/gm)];
    const hooks = Object.keys(packageJson.scripts).filter((script) => !script.startsWith('pre'));
    expect(rows.map(([, command]) => command).sort()).toEqual(hooks.sort());
  });
});
