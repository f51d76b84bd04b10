import { existsSync, mkdirSync } from 'node:fs';
import { TriplineError } from '../../domain/errors.ts';
import { judgeDelete } from '../append-verdict.ts';
import type {
  ExpectedRevision,
  ReadAllOptions,
  ReadStreamOptions,
  StreamMetadata,
} from '../event-store.ts';
import { streamDeleted } from '../stream-errors.ts';
import { WrongExpectedRevision } from '../wrong-expected-revision.ts';
import type { AppendBatch } from './append-batch.ts';
import { ballastFile, openBallast } from './ballast.ts';
import { createCheckpointer } from './checkpointer.ts';
import { corruptStore, namingDamage, openDurable, sqliteCode } from './database.ts';
import { sizeOf } from './disk-space.ts';
import { type FlatRows, flatten } from './flat-rows.ts';
import { createGroupCommit } from './group-commit.ts';
import { type KnownHead, openKnownHead, refuseShorterLog } from './known-head.ts';
import { openLog, type SqliteLog } from './log.ts';
import { logFile } from './log-file.ts';
import { pageAfter, pageOfLog } from './log-page.ts';
import { acquireOwnerLock } from './owner-lock.ts';
import { prepareSchema } from './schema.ts';
import { pageOfStream } from './stream-page.ts';
import type { StreamSettings } from './stream-settings.ts';

/** What the store's thread can be asked for. Everything here blocks, that is why it is a thread. */
export interface SqliteEngine {
  readonly head: number;
  /** One group, one fsync. If it throws, the store has failed for good. */
  append(batch: AppendBatch, bytes: number): { outcomes: number[]; recordedAt: number };
  readStream(stream: string, options: ReadStreamOptions): FlatRows;
  readAll(options: ReadAllOptions): FlatRows;
  readAfter(position: number, maxCount: number): FlatRows;
  getStreamMetadata(stream: string): StreamMetadata;
  setStreamMetadata(stream: string, metadata: StreamMetadata): void;
  remove(stream: string, expected: ExpectedRevision, forGood: boolean): void;
  /** Between two groups. */
  whenDue(): void;
  whenIdle(): void;
  close(): void;
}

/** Outcomes of calls that are running may use the reserve; new work may not. */
const mayUseReserve = (stream: string): boolean => stream.startsWith('invocation-');
const always = (): boolean => true;
const never = (): boolean => false;

/** The database would take an emptied file for a new one, and everything acknowledged were gone. */
const refuseLostLog = (dataDir: string, file: string): void => {
  const reserve = ballastFile(dataDir);
  if (sizeOf(file) === 0 && existsSync(reserve)) {
    throw corruptStore(file, `it is empty or missing, yet ${reserve} shows that it was in use`);
  }
};

interface OpenedFiles {
  readonly log: SqliteLog;
  readonly knownHead: KnownHead;
  close(): void;
}

/** Whatever was acquired is let go in reverse, also when a later step refuses. */
const openFiles = (dataDir: string): OpenedFiles => {
  mkdirSync(dataDir, { recursive: true });
  const closers: (() => void)[] = [];
  const close = (): void => {
    for (const closer of closers.splice(0).reverse()) closer();
  };
  try {
    const lock = acquireOwnerLock(dataDir);
    closers.push(() => lock.release());
    const file = logFile(dataDir);
    refuseLostLog(dataDir, file);
    const knownHead = openKnownHead(dataDir);
    closers.push(() => knownHead.close());
    const db = openDurable(file);
    closers.push(() => db.close());
    const log = namingDamage(file, () => {
      refuseShorterLog(dataDir, db, knownHead.found);
      prepareSchema(db);
      return openLog(db);
    });
    knownHead.write(log.head, log.rows.hashAt(log.head));
    return { log, knownHead, close };
  } catch (error) {
    close();
    throw error;
  }
};

export const openEngine = (dataDir: string): SqliteEngine => {
  const { log, knownHead, close } = openFiles(dataDir);
  const { db, rows, settings } = log;
  const group = createGroupCommit(log);
  const checkpointer = createCheckpointer(db);
  const ballast = openBallast(dataDir);
  const selectInstant = db
    .prepare<[number], number>('SELECT recorded_at FROM events WHERE position = ?')
    .pluck();
  let failure: TriplineError | undefined;

  /** After one failed write nobody knows what the disk holds: nothing later may be acknowledged. */
  const orFail = <T>(write: () => T): T => {
    if (failure !== undefined) throw failure;
    try {
      return write();
    } catch (error) {
      if (sqliteCode(error) === 'SQLITE_FULL' || error instanceof TriplineError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      failure = new TriplineError('store-failed', `${db.name}: ${reason}`, { cause: error });
      throw failure;
    }
  };
  const commitOrMakeRoom = (batch: AppendBatch, now: number): number[] => {
    for (const mayAppend of [ballast.spent ? mayUseReserve : always, mayUseReserve]) {
      try {
        return group.commit(batch, now, mayAppend);
      } catch (error) {
        if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
        ballast.release();
      }
    }
    return group.commit(batch, now, never);
  };
  /** A checkpoint needs space too; it waits rather than take what is left for running calls. */
  const tidy = (checkpoint: () => void): void => {
    if (ballast.spent || failure !== undefined) return;
    try {
      orFail(checkpoint);
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
    }
  };
  const change = (stream: string, next: StreamSettings): void => {
    try {
      orFail(() => settings.write(stream, next));
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
      throw new TriplineError('disk-full', 'there is no space left for the log', { cause: error });
    }
    settings.kept(stream, next);
  };

  return {
    get head() {
      return group.head;
    },
    append: (batch, bytes) => {
      const recordedAt = Date.now();
      ballast.restore(recordedAt);
      const before = group.head;
      const outcomes = orFail(() => commitOrMakeRoom(batch, recordedAt));
      if (group.head > before) knownHead.write(group.head, group.lastHash);
      checkpointer.committed(bytes);
      return { outcomes, recordedAt };
    },
    readStream: (stream, options) =>
      flatten(
        rows.at(
          pageOfStream(
            stream,
            log.positionsOf(stream),
            settings.of(stream),
            options,
            (position) => selectInstant.get(position) ?? 0,
          ),
        ),
      ),
    readAll: (options) => flatten(pageOfLog(rows, group.head, options)),
    readAfter: (position, maxCount) => flatten(pageAfter(rows, position, group.head, maxCount)),
    getStreamMetadata: (stream) => settings.of(stream).metadata ?? {},
    setStreamMetadata: (stream, metadata) => {
      const before = settings.of(stream);
      if (before.status === 'tombstoned') throw streamDeleted(stream);
      change(stream, { ...before, metadata });
    },
    remove: (stream, expected, forGood) => {
      const state = log.stateOf(stream);
      const verdict = judgeDelete(state, expected, forGood);
      if (verdict === 'deleted') throw streamDeleted(stream);
      if (verdict === 'conflict') {
        const actual = state.last === -1 ? 'no_stream' : state.last;
        throw new WrongExpectedRevision(stream, expected, actual);
      }
      change(stream, {
        ...settings.of(stream),
        status: forGood ? 'tombstoned' : 'deleted',
        truncateBefore: state.last + 1,
      });
    },
    whenDue: () => tidy(() => checkpointer.whenDue()),
    whenIdle: () => {
      tidy(() => checkpointer.whenIdle());
      ballast.whenIdle();
    },
    close,
  };
};
