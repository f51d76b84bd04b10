import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill, freeBytes, sizeOf } from './disk-space.ts';

const ballastBytes = 33_554_432;
/** What has to be free beyond the reserve, or it would be needed again at once. */
const marginBytes = 16_777_216;
const retryMs = 1_000;

export const ballastFile = (dataDir: string): string => join(dataDir, 'ballast');

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
  /** Sets the reserve aside for the first time, when there is time for it. */
  whenIdle(): void;
}

export const openBallast = (dataDir: string): Ballast => {
  const file = ballastFile(dataDir);
  let filled = sizeOf(file) === ballastBytes;
  let spent = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  const empty = (): void => {
    writeFileSync(file, '');
    filled = false;
  };
  const tryToFill = (): void => {
    if (freeBytes(dataDir) < ballastBytes + marginBytes) return;
    try {
      fill(file, ballastBytes);
      filled = true;
      spent = false;
    } catch {
      // Others were quicker: what little is left serves the log better.
      empty();
    }
  };
  if (!filled) empty();
  return {
    get spent() {
      return spent;
    },
    release: () => {
      if (filled) empty();
      spent = true;
    },
    restore: (now) => {
      if (!spent || now - triedAt < retryMs) return;
      triedAt = now;
      tryToFill();
    },
    whenIdle: () => {
      if (!filled && !spent) tryToFill();
    },
  };
};
