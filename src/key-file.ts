import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TriplineError } from './domain/errors.ts';

const write = (path: string, content: string): void => {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

const syncDirectory = (directory: string): void => {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

export interface KeyFile {
  readonly content: string;
  readonly path: string;
  /** True where this call made it. */
  readonly made: boolean;
}

/**
 * A key of 32 random bytes (base64url) that lives in the data directory, readable by its owner only.
 * It is on disk, complete, before it is used: a crash in between leaves none or the whole.
 */
export const openKeyFile = (directory: string, name: string): KeyFile => {
  const path = join(directory, name);
  const draft = `${path}.${process.pid}.new`;
  let made = false;
  try {
    readFileSync(path);
  } catch {
    rmSync(draft, { force: true });
    write(draft, `${randomBytes(32).toString('base64url')}\n`);
    linkSync(draft, path);
    rmSync(draft);
    syncDirectory(directory);
    made = true;
  }
  const content = readFileSync(path, 'utf8').trim();
  if (Buffer.from(content, 'base64url').length !== 32) {
    throw new TriplineError('invalid-configuration', `${path} does not hold 32 bytes in base64url`);
  }
  return { content, path, made };
};
