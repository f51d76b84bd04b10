import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, describe, expect, it } from 'vitest';
import { dependencyRule } from './dependency-rule.ts';

const repository = join(import.meta.dirname, '..', '..');
const folders = ['src', 'projections'];

const cruised = async (baseDir: string): Promise<ICruiseResult> => {
  const present = (await readdir(baseDir)).filter((name) => folders.includes(name));
  const { output } = await cruise(present, {
    baseDir,
    validate: true,
    ruleSet: { forbidden: dependencyRule },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  });
  if (typeof output === 'string') throw new Error('expected a result, not a report');
  return output;
};

const violations = ({ summary }: ICruiseResult): string[] =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);

const sourceFiles = async (): Promise<string[]> => {
  const listed = await Promise.all(
    folders.map((folder) => readdir(join(repository, folder), { recursive: true })),
  );
  return listed.flat().filter((name) => name.endsWith('.ts'));
};

describe('the dependency rule', () => {
  const planted: string[] = [];
  afterEach(async () => {
    await Promise.all(planted.splice(0).map((path) => rm(path, { recursive: true })));
  });

  const plant = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const root = await mkdtemp(join(tmpdir(), 'tripline-planted-'));
    planted.push(root);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return root;
  };

  it('holds for every module there is', async () => {
    const result = await cruised(repository);
    expect(violations(result)).toEqual([]);
    const seen = result.modules.filter(({ source }) => /^(src|projections)\//.test(source));
    expect(seen.length).toBeGreaterThanOrEqual((await sourceFiles()).length);
  });

  it('refuses an import that points to the right', async () => {
    const root = await plant({
      'src/domain/ids.ts': "import { x } from '../store/log.ts';\nexport const y = x;\n",
      'src/store/log.ts': 'export const x = 1;\n',
    });
    expect(violations(await cruised(root))).toEqual([
      'src/domain/ imports only what is to its left: src/domain/ids.ts → src/store/log.ts',
    ]);
  });

  it('refuses an import of a type that points to the right', async () => {
    const root = await plant({
      'src/domain/ids.ts': "import type { X } from '../store/log.ts';\nexport type Y = X;\n",
      'src/store/log.ts': 'export type X = 1;\n',
    });
    expect(violations(await cruised(root))).toHaveLength(1);
  });

  it('refuses node: modules in a projection', async () => {
    const root = await plant({
      'projections/queue.ts': "import fs from 'node:fs';\nexport const y = fs;\n",
    });
    expect(violations(await cruised(root))).toEqual([
      'projections/ stays away from node: modules it does not need: projections/queue.ts → fs',
    ]);
  });

  it('refuses a cycle', async () => {
    const root = await plant({
      'src/domain/a.ts': "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
      'src/domain/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
    });
    expect(violations(await cruised(root)).every((text) => text.startsWith('no cycles'))).toBe(
      true,
    );
  });

  it('refuses a folder that nobody gave a place', async () => {
    const root = await plant({
      'src/misc/a.ts': "import { b } from './b.ts';\nexport const a = b;\n",
      'src/misc/b.ts': 'export const b = 1;\n',
    });
    expect(violations(await cruised(root))).toHaveLength(1);
  });
});
