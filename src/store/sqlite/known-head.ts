import {
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Connection, corruptStore } from './database.ts';
import { createEventRows } from './event-rows.ts';

export const knownHeadFile = (dataDir: string): string => join(dataDir, 'events.head');

export interface Head {
  readonly position: number;
  readonly hash: string;
}

/**
 * Where the log ended when an append was last acknowledged, kept outside of the log. The database
 * cuts its write-ahead log at the first frame that is not as written and carries on as if nothing
 * had been behind it; with this a log that became shorter is told from one that never was longer.
 */
export interface KnownHead {
  /** What the file said when it was opened, if anything. */
  readonly found: Head | undefined;
  /** After the commit is durable and before anybody is told, so that it never promises too much. */
  write(position: number, hash: string): void;
  close(): void;
}

const lineBytes = 80;
const lineOf = (position: number, hash: string): string => {
  const text = `${position} ${hash}`;
  return `${text} ${crc32(text)}`.padEnd(lineBytes - 1).concat('\n');
};

/** A line that is not as written proves nothing, against the log neither. */
const parse = (line: string): Head | undefined => {
  const [position = '', hash = '', checksum = ''] = line.trim().split(' ');
  const sound = String(crc32(`${position} ${hash}`)) === checksum;
  return sound ? { position: Number(position), hash } : undefined;
};

export const readKnownHead = (dataDir: string): Head | undefined => {
  try {
    return parse(readFileSync(knownHeadFile(dataDir), 'latin1'));
  } catch {
    return undefined;
  }
};

/**
 * The line is overwritten in place without an fsync of its own, which costs microseconds and is
 * enough: after a power cut it may be older than the log, never ahead of it. Nor does it matter if
 * it cannot be written.
 */
export const openKnownHead = (dataDir: string): KnownHead => {
  const found = readKnownHead(dataDir);
  let handle: number | undefined;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {}
  };
  attempt(() => {
    handle = openSync(knownHeadFile(dataDir), found === undefined ? 'w' : 'r+');
    if (found !== undefined) return;
    writeSync(handle, lineOf(0, ''));
    fsyncSync(handle);
  });
  return {
    found,
    write: (position, hash) =>
      attempt(() => {
        if (handle !== undefined) writeSync(handle, lineOf(position, hash), 0, 'latin1');
      }),
    close: () =>
      attempt(() => {
        if (handle !== undefined) closeSync(handle);
      }),
  };
};

/** For a copy: where it ends is all that is known of it. */
export const writeKnownHead = (dataDir: string, { position, hash }: Head): void =>
  writeFileSync(knownHeadFile(dataDir), lineOf(position, hash), 'latin1');

/** Closing a database tidies its write-ahead log away, and with it what could still be saved. */
const keepRemains = (file: string): string => {
  try {
    copyFileSync(`${file}-wal`, `${file}-wal.kept`);
    return ` (${file}-wal.kept is a copy of its write-ahead log as it was found)`;
  } catch {
    return '';
  }
};

/** Before anything is written to a log: whether all that was acknowledged is still in it. */
export const refuseShorterLog = (
  dataDir: string,
  db: Connection,
  known: Head | undefined,
): void => {
  if (known === undefined || known.position === 0) return;
  const { position, hash } = known;
  const isNew = db.pragma('application_id', { simple: true }) === 0;
  const rows = isNew ? undefined : createEventRows(db);
  const head = rows?.head ?? 0;
  if (rows !== undefined && head >= position && rows.hashAt(position) === hash) return;
  const what =
    head < position
      ? `it ends at position ${head}, but events up to position ${position} were acknowledged`
      : `the event at position ${position} is not the one that was acknowledged`;
  const way = `if an older log was put there on purpose, remove ${knownHeadFile(dataDir)}`;
  throw corruptStore(db.name, `${what}${keepRemains(db.name)}; ${way}`);
};
