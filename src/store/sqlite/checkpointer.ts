import type { Connection } from './database.ts';
import { sizeOf } from './disk-space.ts';
import { makeRoomAhead, writeAheadLog } from './write-ahead-room.ts';

/** Frames in the write-ahead log after which they are moved to the database. */
export interface CheckpointLimits {
  /** Load or no load. */
  readonly underLoad: number;
  /** With nothing else to do, far fewer are worth it. */
  readonly whenIdle: number;
}

const standardLimits: CheckpointLimits = { underLoad: 2_000, whenIdle: 250 };
const pageBytes = 16_384;
const frameBytes = pageBytes + 24;
/** How long a checkpoint may wait for readers to let go of the log. */
const patienceMs = 50;

export interface Checkpointer {
  /** A commit of that many bytes has been made. */
  committed(bytes: number): void;
  /** Between two commits, never within one. */
  whenDue(): void;
  /** Also makes room for the commits to come. */
  whenIdle(): void;
}

const framesOf = (db: Connection): number => Math.floor(sizeOf(writeAheadLog(db)) / frameBytes);

/** Keeps the write-ahead log short without any commit having to wait for more than its own fsync. */
export const createCheckpointer = (
  db: Connection,
  { underLoad, whenIdle }: CheckpointLimits = standardLimits,
): Checkpointer => {
  /** Written since the last checkpoint, about. */
  let frames = framesOf(db);
  /** Killed before their first checkpoint, earlier owners leave a log that every start reads again. */
  let leftBehind = frames >= whenIdle;
  const run = (mode: 'PASSIVE' | 'RESTART' | 'TRUNCATE'): number => {
    const result = db.pragma(`wal_checkpoint(${mode})`) as { log: number }[];
    // A reader may hold some back; they are tried again after as many more.
    frames = 0;
    return result[0]?.log ?? 0;
  };
  const runPatiently = (mode: 'RESTART' | 'TRUNCATE'): void => {
    const standard = db.pragma('busy_timeout', { simple: true });
    db.pragma(`busy_timeout = ${patienceMs}`);
    try {
      run(mode);
    } finally {
      db.pragma(`busy_timeout = ${standard}`);
    }
  };
  const emptyWhatWasLeft = (): void => {
    leftBehind = false;
    runPatiently('TRUNCATE');
  };
  return {
    committed: (bytes) => {
      frames += 1 + Math.ceil(bytes / pageBytes);
    },
    whenDue: () => {
      if (leftBehind) emptyWhatWasLeft();
      // Readers that follow each other closely keep the log from being begun anew.
      else if (frames >= underLoad && run('PASSIVE') >= 2 * underLoad) runPatiently('RESTART');
    },
    whenIdle: () => {
      if (leftBehind) emptyWhatWasLeft();
      else if (frames >= whenIdle) run('PASSIVE');
      makeRoomAhead(db);
    },
  };
};
