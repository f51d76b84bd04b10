import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');
const read = (name: string): Promise<string> => readFile(join(repository, name), 'utf8');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

describe('the packages this builds on', () => {
  it('are locked by content, not by the address they were once fetched from', async () => {
    const { packages } = JSON.parse(await read('package-lock.json')) as {
      packages: Record<string, Locked>;
    };
    const locked = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'));
    expect(locked.length).toBeGreaterThan(0);
    expect(locked.filter(([, { resolved }]) => resolved?.startsWith('http'))).toEqual([]);
    expect(locked.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
  });

  it('run no scripts of their own at installation but the ones that were looked at', async () => {
    const { packages } = JSON.parse(await read('package-lock.json')) as {
      packages: Record<string, Locked>;
    };
    const { allowScripts } = JSON.parse(await read('package.json')) as {
      allowScripts: Record<string, boolean>;
    };
    const scripted = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''))
      // Never installed where the server runs: file watching on macOS.
      .filter((name) => name !== 'fsevents');
    expect(scripted.filter((name) => !(name in allowScripts))).toEqual([]);
  });
});
