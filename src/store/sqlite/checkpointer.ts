import type { Connection } from './database.ts';

/** Frames in the write-ahead log after which they are moved to the database, load or no load. */
const framesUnderLoad = 4_000;
/** With nothing else to do, far fewer are worth it. */
const framesWhenIdle = 250;
const pageBytes = 16_384;

export interface Checkpointer {
  /** A commit of that many bytes has been made. */
  committed(bytes: number): void;
  /** Between two commits, never within one. */
  whenDue(): void;
  whenIdle(): void;
}

/** Keeps the write-ahead log short without any commit having to wait for more than its own fsync. */
export const createCheckpointer = (db: Connection): Checkpointer => {
  let frames = 0;
  const run = (): void => {
    const result = db.pragma('wal_checkpoint(PASSIVE)') as { log: number; checkpointed: number }[];
    const { log = 0, checkpointed = 0 } = result[0] ?? {};
    // A reader may hold some back; they are tried again after as many more.
    frames = Math.max(log - checkpointed, 0);
  };
  return {
    committed: (bytes) => {
      frames += 2 + Math.ceil(bytes / pageBytes);
    },
    whenDue: () => {
      if (frames >= framesUnderLoad) run();
    },
    whenIdle: () => {
      if (frames >= framesWhenIdle) run();
    },
  };
};
