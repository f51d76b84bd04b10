import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ballastBytes = 33_554_432;
const blockBytes = 1_048_576;
const retryMs = 1_000;

/**
 * Space held in reserve. When the disk is full it is let go, so that the outcomes of calls that are
 * running still find room; nothing else is taken until it could be put back.
 */
export interface Ballast {
  /** True while the reserve is spent. */
  readonly spent: boolean;
  release(): void;
  /** Tries to put the reserve back, at most once a second. */
  restore(now: number): void;
}

const exists = (file: string): boolean =>
  statSync(file, { throwIfNoEntry: false })?.size === ballastBytes;

/** Written for real: a file with a hole would reserve nothing. */
const fill = (file: string): void => {
  const block = Buffer.alloc(blockBytes, 'ballast ');
  const handle = openSync(file, 'w');
  try {
    for (let written = 0; written < ballastBytes; written += blockBytes) writeSync(handle, block);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

export const openBallast = (dataDir: string): Ballast => {
  const file = join(dataDir, 'ballast');
  let spent = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  const tryToFill = (): void => {
    try {
      fill(file);
      spent = false;
    } catch {
      rmSync(file, { force: true });
      spent = true;
    }
  };
  if (!exists(file)) tryToFill();
  return {
    get spent() {
      return spent;
    },
    release: () => {
      rmSync(file, { force: true });
      spent = true;
    },
    restore: (now) => {
      if (!spent || now - triedAt < retryMs) return;
      triedAt = now;
      tryToFill();
    },
  };
};
