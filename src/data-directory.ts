import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TriplineError } from './domain/errors.ts';

/** Keys, which lie beside these, need only be read; what else lies there is no business of ours. */
const written = /^(events\.(db|head)|views\.db|owner\.lock|ballast)/;

/** What the system says, without its call: "permission denied". */
export const reasonIn = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(text)?.[1] ?? text;
};

export const unusable = (path: string, cause: unknown): TriplineError =>
  new TriplineError(
    'data-directory-unusable',
    `the data directory cannot be used: ${path}: ${reasonIn(cause)}`,
    { cause },
  );

const attempt = (path: string, work: () => void): void => {
  try {
    work();
  } catch (error) {
    throw unusable(path, error);
  }
};

const { R_OK, W_OK, X_OK } = constants;

/**
 * Makes the data directory where there is none. Throws `data-directory-unusable` unless this
 * process may write in it and to every file that is written there: better at once than at the first
 * append.
 */
export const prepareDataDir = (dataDir: string): void => {
  attempt(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, R_OK | W_OK | X_OK);
  });
  for (const name of readdirSync(dataDir).filter((found) => written.test(found))) {
    const path = join(dataDir, name);
    attempt(path, () => accessSync(path, R_OK | W_OK));
  }
};
