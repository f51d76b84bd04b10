import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reasonIn } from '../data-directory.ts';
import { isTriplineError, TriplineError } from '../domain/errors.ts';

/** What the system refuses to do with a directory is told in one line that names it. */
export const inDirectory = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (isTriplineError(error)) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new TriplineError('disk-full', `there is no space left for ${path}`, { cause: error });
    throw new TriplineError(
      'data-directory-unusable',
      `${path} cannot be used: ${reasonIn(error)}`,
      { cause: error },
    );
  }
};

export const makeDirectory = (path: string): void =>
  void mkdirSync(path, { recursive: true, mode: 0o700 });

/** Whatever was written to it, or is listed in it, is on disk afterwards. */
const sync = (path: string): void => {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** Each of these files of a directory, and then their names. */
export const syncFiles = (directory: string, names: readonly string[]): void => {
  for (const name of names) sync(join(directory, name));
  sync(directory);
};

/** Those of the named files that are there; returns their names. */
export const copyFiles = (
  from: string,
  to: string,
  names: readonly string[],
): readonly string[] => {
  const there = new Set(readdirSync(from));
  const copied = names.filter((name) => there.has(name));
  for (const name of copied) copyFileSync(join(from, name), join(to, name));
  return copied;
};
