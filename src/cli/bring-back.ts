import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { prepareDataDir } from '../data-directory.ts';
import { TriplineError } from '../domain/errors.ts';
import { ownKeys } from '../key-file.ts';
import { copyLog } from '../store/sqlite/copy-log.ts';
import { openDurable } from '../store/sqlite/database.ts';
import { knownHeadFile } from '../store/sqlite/known-head.ts';
import { logFile } from '../store/sqlite/log-file.ts';
import { acquireOwnerLock } from '../store/sqlite/owner-lock.ts';
import { prepareSchema } from '../store/sqlite/schema.ts';
import { type CheckedCopy, checkCopy, logName } from './checked-copy.ts';
import { copyFiles, inDirectory, syncFiles } from './copied-files.ts';

export interface Restored extends CheckedCopy {
  /** Key files that came with the backup. */
  readonly keys: readonly string[];
  /** Where that is now what was there before. */
  readonly replaced: string | undefined;
}

const refuse = (sentence: string) => new TriplineError('invalid-configuration', sentence);

/** A backup is a directory; a lone copy of the database will do. */
const logIn = (from: string): string => {
  const stat = statSync(from, { throwIfNoEntry: false });
  const file = stat?.isDirectory() ? logFile(from) : from;
  if (existsSync(file)) return file;
  throw refuse(`there is no log in ${from}`);
};

/** The log, what is written beside it, and what was made of it. */
const ofLog = /^(views\.db|events\.db|ballast$)/;
const headName = basename(knownHeadFile('.'));
const keyNames = Object.values(ownKeys);

const filesOfLog = (dataDir: string): readonly string[] =>
  readdirSync(dataDir)
    .filter((name) => ofLog.test(name))
    .sort()
    .reverse();

/**
 * A log goes with its write-ahead log: either beside another's would be taken for one's own. Where
 * the old log ended still stands there to the last, so no server takes what an interruption leaves.
 */
const moveAside = (dataDir: string, names: readonly string[]): string | undefined => {
  if (names.length === 0) return undefined;
  const aside = mkdtempSync(join(dataDir, 'replaced-'));
  copyFiles(dataDir, aside, [headName, ...keyNames]);
  for (const name of names) renameSync(join(dataDir, name), join(aside, name));
  syncFiles(aside, []);
  return aside;
};

/** Copied, brought to the layout of this release, read whole, and on disk. */
const fillDraft = async (from: string, draft: string): Promise<CheckedCopy> => {
  await copyLog(logIn(from), logFile(draft));
  const db = openDurable(logFile(draft));
  try {
    prepareSchema(db);
  } finally {
    db.close();
  }
  const checked = checkCopy(draft);
  syncFiles(draft, [logName, headName]);
  return checked;
};

const keysFrom = (from: string, dataDir: string, replace: boolean): readonly string[] => {
  if (!statSync(from).isDirectory()) return [];
  const own = keyNames.filter((name) => replace || !existsSync(join(dataDir, name)));
  const keys = copyFiles(from, dataDir, own);
  syncFiles(dataDir, keys);
  return keys;
};

/** Everything that can fail for its own reasons has succeeded by now. */
const putInPlace = (draft: string, dataDir: string): string | undefined => {
  const replaced = moveAside(dataDir, filesOfLog(dataDir));
  for (const name of [logName, headName]) renameSync(join(draft, name), join(dataDir, name));
  syncFiles(dataDir, []);
  return replaced;
};

const refuseToReplace = (dataDir: string): void => {
  if (filesOfLog(dataDir).some((name) => name.startsWith(logName)))
    throw refuse(`there is a log in ${dataDir}; with --replace it is moved aside`);
};

/**
 * Puts a backup into a data directory that no server runs on. What is there already is moved aside,
 * if that is wanted, and never deleted. Throws `invalid-configuration` where a log is there and
 * nobody said that it may be replaced, `data-directory-in-use` where a server runs on it.
 */
export const bringBack = async (
  from: string,
  dataDir: string,
  { replace = false } = {},
): Promise<Restored> => {
  logIn(from);
  prepareDataDir(dataDir);
  const lock = acquireOwnerLock(dataDir);
  const draft = inDirectory(dataDir, () => mkdtempSync(join(dataDir, 'restore-')));
  try {
    if (!replace) refuseToReplace(dataDir);
    const checked = await fillDraft(from, draft);
    return inDirectory(dataDir, () => {
      const replaced = putInPlace(draft, dataDir);
      return { ...checked, replaced, keys: keysFrom(from, dataDir, replace) };
    });
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
};
