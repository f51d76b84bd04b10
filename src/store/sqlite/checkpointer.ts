import type { Connection } from './database.ts';
import { sizeOf } from './disk-space.ts';
import { makeRoomAhead, writeAheadLog } from './write-ahead-room.ts';

/** When the frames of the write-ahead log are moved to the database. */
export interface CheckpointLimits {
  /** After so many frames, load or no load. */
  readonly underLoad: number;
  /** Or so many bytes of events: about how long everybody waits for it. */
  readonly bytesUnderLoad: number;
  /** With nothing else to do, far fewer frames are worth it. */
  readonly whenIdle: number;
}

const standardLimits: CheckpointLimits = {
  underLoad: 2_000,
  bytesUnderLoad: 4_194_304,
  whenIdle: 250,
};
const pageBytes = 16_384;
const frameBytes = pageBytes + 24;
/** How long a checkpoint may wait for readers to let go of the log. */
const patienceMs = 50;

export interface Checkpointer {
  /** A commit of that many bytes has been made. */
  committed(bytes: number): void;
  /** What was deleted must not be left behind in the write-ahead log either. */
  erased(): void;
  /** Between two commits, never within one. */
  whenDue(): void;
  /** Also makes room for the commits to come. True: a reader was in the way of what must be done. */
  whenIdle(): boolean;
}

const framesOf = (db: Connection): number => Math.floor(sizeOf(writeAheadLog(db)) / frameBytes);

/** Keeps the write-ahead log short without any commit having to wait for more than its own fsync. */
export const createCheckpointer = (
  db: Connection,
  { underLoad, bytesUnderLoad, whenIdle }: CheckpointLimits = standardLimits,
): Checkpointer => {
  /** Written since the last checkpoint, about. */
  let frames = framesOf(db);
  let bytes = 0;
  /** Killed before their first checkpoint, earlier owners leave a log that every start reads again. */
  let leftBehind = frames >= whenIdle;
  let mustErase = false;
  const run = (mode: 'PASSIVE' | 'RESTART' | 'TRUNCATE') => {
    const result = db.pragma(`wal_checkpoint(${mode})`) as { busy: number; log: number }[];
    // A reader may hold some back; they are tried again after as many more.
    frames = 0;
    bytes = 0;
    return { isBusy: result[0]?.busy !== 0, log: result[0]?.log ?? 0 };
  };
  const runPatiently = (mode: 'RESTART' | 'TRUNCATE') => {
    const standard = db.pragma('busy_timeout', { simple: true });
    db.pragma(`busy_timeout = ${patienceMs}`);
    try {
      return run(mode);
    } finally {
      db.pragma(`busy_timeout = ${standard}`);
    }
  };
  const isDue = (): boolean => frames >= underLoad || bytes >= bytesUnderLoad;
  const empty = (): void => {
    leftBehind = false;
    mustErase = runPatiently('TRUNCATE').isBusy && mustErase;
  };
  return {
    committed: (more) => {
      frames += 1 + Math.ceil(more / pageBytes);
      bytes += more;
    },
    erased: () => {
      mustErase = true;
    },
    whenDue: () => {
      if (leftBehind) empty();
      // Readers that follow each other closely keep the log from being begun anew.
      else if (isDue() && run('PASSIVE').log >= 2 * underLoad) runPatiently('RESTART');
    },
    whenIdle: () => {
      if (leftBehind || mustErase) empty();
      else if (frames >= whenIdle) run('PASSIVE');
      makeRoomAhead(db);
      return mustErase;
    },
  };
};
