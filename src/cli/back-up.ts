import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { TriplineError } from '../domain/errors.ts';
import { ownKeys } from '../key-file.ts';
import { copyLog } from '../store/sqlite/copy-log.ts';
import { knownHeadFile } from '../store/sqlite/known-head.ts';
import { logFile } from '../store/sqlite/log-file.ts';
import { type CheckedCopy, checkCopy, logName } from './checked-copy.ts';
import { copyFiles, inDirectory, makeDirectory, syncFiles } from './copied-files.ts';

export interface BackedUp extends CheckedCopy {
  /** Key files that were copied along. */
  readonly keys: readonly string[];
}

const refuse = (sentence: string) => new TriplineError('invalid-configuration', sentence);

const mustBeFree = (target: string): void => {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw refuse(`${target} is not empty: a backup goes into a directory of its own`);
};

/** Copied, read whole, and on disk. */
const fillDraft = async (dataDir: string, draft: string, withKeys: boolean): Promise<BackedUp> => {
  await copyLog(logFile(dataDir), logFile(draft));
  const checked = checkCopy(draft);
  const keys = withKeys ? copyFiles(dataDir, draft, Object.values(ownKeys)) : [];
  syncFiles(draft, [logName, basename(knownHeadFile('.')), ...keys]);
  return { ...checked, keys };
};

/**
 * Makes a backup of a data directory, whether or not a server runs on it. The target appears when
 * it is complete, or not at all; it is a data directory itself. Views are left out, for they are
 * built again from the log, and so are keys unless they are asked for.
 */
export const backUp = async (
  dataDir: string,
  target: string,
  { withKeys = false } = {},
): Promise<BackedUp> => {
  if (!existsSync(logFile(dataDir))) throw refuse(`there is no log in ${dataDir}`);
  const parent = dirname(target);
  const draft = inDirectory(target, () => {
    mustBeFree(target);
    makeDirectory(parent);
    return mkdtempSync(`${target}.unfinished-`);
  });
  try {
    const made = await fillDraft(dataDir, draft, withKeys);
    inDirectory(target, () => {
      renameSync(draft, target);
      syncFiles(parent, []);
    });
    return made;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
};
