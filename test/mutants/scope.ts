import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { folders, leftOut, withoutSay } from './folders.ts';

export interface Scope {
  readonly folder: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

interface Choice {
  readonly only?: readonly string[] | undefined;
  readonly since?: string | undefined;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();

const changedSince = (revision: string): readonly string[] =>
  execFileSync('git', ['diff', '--name-only', '--relative', revision], { encoding: 'utf8' })
    .trim()
    .split('\n');

const everything = (): readonly Scope[] => {
  const out = leftOut.flatMap(({ files }) => files);
  return folders.map(({ folder, tests }) => ({
    folder,
    files: filesIn(folder).filter((file) => !out.includes(file)),
    tests: tests
      .flatMap(filesIn)
      .filter((file) => file.endsWith('.test.ts') && !withoutSay.includes(file)),
  }));
};

/** Fails for an exception of which the file is gone, lest it covers up another one later. */
const checkExceptions = (): void => {
  const present = new Set(['src', 'test'].flatMap(filesIn));
  const listed = [...leftOut.flatMap(({ files }) => files), ...withoutSay];
  const gone = listed.filter((file) => !present.has(file));
  if (gone.length > 0) throw new Error(`test/mutants/folders.ts names ${gone.join(', ')}`);
};

export const scopesOf = ({ only, since }: Choice): readonly Scope[] => {
  checkExceptions();
  const changed = since === undefined ? undefined : changedSince(since);
  const wanted = (file: string) =>
    (changed?.includes(file) ?? true) &&
    (only?.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)) ?? true);
  return everything()
    .map((scope) => ({ ...scope, files: scope.files.filter(wanted) }))
    .filter(({ files }) => files.length > 0);
};

/** Lines that are taken or left out together. */
const stretch = 12;

/** One of so many stretches of the lines of these files; of one, all of them. */
export const sampleOf = (files: readonly string[], oneOf: number): readonly string[] => {
  if (oneOf <= 1) return files;
  let at = 0;
  return files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n').length;
    const taken: string[] = [];
    for (let first = 1; first <= lines; first += stretch) {
      if (at % oneOf === 0) taken.push(`${file}:${first}-${Math.min(lines, first + stretch - 1)}`);
      at += 1;
    }
    return taken;
  });
};
