import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { unusable } from './data-directory.ts';
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

const make = (path: string): void => {
  const draft = `${path}.${process.pid}.new`;
  rmSync(draft, { force: true });
  write(draft, `${randomBytes(32).toString('base64url')}\n`);
  linkSync(draft, path);
  rmSync(draft);
  syncDirectory(dirname(path));
};

/** The keys that a server makes for itself, where the configuration gives none. */
export const ownKeys = { token: 'token.secret', encryption: 'encryption.key' } as const;

/**
 * A key of 32 random bytes (base64url) that lives in the data directory, readable by its owner only.
 * It is on disk, complete, before it is used: a crash in between leaves none or the whole.
 */
export const readKeyFile = (directory: string, name: string): string => {
  const path = join(directory, name);
  try {
    if (!existsSync(path)) make(path);
    const content = readFileSync(path, 'utf8').trim();
    if (Buffer.from(content, 'base64url').length === 32) return content;
  } catch (error) {
    throw unusable(path, error);
  }
  throw new TriplineError('invalid-configuration', `${path} does not hold 32 bytes in base64url`);
};
