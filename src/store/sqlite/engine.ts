import { existsSync, mkdirSync } from 'node:fs';
import { TriplineError } from '../../domain/errors.ts';
import type { Position } from '../../domain/position.ts';
import { judgeDelete } from '../append-verdict.ts';
import type {
  ExpectedRevision,
  PayloadRange,
  ReadAllOptions,
  ReadStreamOptions,
  StreamMetadata,
} from '../event-store.ts';
import { streamDeleted } from '../stream-errors.ts';
import { WrongExpectedRevision } from '../wrong-expected-revision.ts';
import type { AppendBatch } from './append-batch.ts';
import { ballastFile, openBallast } from './ballast.ts';
import { createCheckpointer } from './checkpointer.ts';
import {
  type Connection,
  corruptStore,
  namingDamage,
  openDurable,
  pageSize,
  sqliteCode,
} from './database.ts';
import { sizeOf } from './disk-space.ts';
import { type FlatRows, flatten } from './flat-rows.ts';
import { createFreedSpace } from './freed-space.ts';
import { createGroupCommit } from './group-commit.ts';
import { keepIndexUp } from './index-upkeep.ts';
import { type KnownHead, openKnownHead, refuseShorterLog } from './known-head.ts';
import { openLog, type SqliteLog } from './log.ts';
import { logFile } from './log-file.ts';
import { pageAfter, pageOfLog } from './log-page.ts';
import { acquireOwnerLock } from './owner-lock.ts';
import { forgetIn, partsIn } from './payload-parts.ts';
import type { StoredPart } from './payload-table.ts';
import { prepareSchema } from './schema.ts';
import { bytesPerChunk, type IndexSizes, standardSizes } from './stream-index/index-sizes.ts';
import { pageOfStream } from './stream-page.ts';
import type { StreamSettings } from './stream-settings.ts';
import { commitWithinSpace } from './within-space.ts';

/** What the store's thread can be asked for. Everything here blocks, that is why it is a thread. */
export interface SqliteEngine {
  readonly head: number;
  /**
   * A piece of the only payload of the only append of the group that comes next; that it failed is
   * told with the group. Nothing else may be asked for before that.
   */
  take(piece: Uint8Array): void;
  /** One group, one fsync. If it throws, the store has failed for good. */
  append(
    batch: AppendBatch,
    bytes: number,
    payloads?: Uint8Array,
  ): { outcomes: number[]; recordedAt: number };
  readStream(stream: string, options: ReadStreamOptions): FlatRows;
  readAll(options: ReadAllOptions): FlatRows;
  readAfter(position: number, maxCount: number): FlatRows;
  readPayloads(
    ranges: readonly PayloadRange[],
    maxBytes: number,
  ): readonly (StoredPart | undefined)[];
  forgetPayloads(positions: readonly Position[]): void;
  getStreamMetadata(stream: string): StreamMetadata;
  setStreamMetadata(stream: string, metadata: StreamMetadata): void;
  remove(stream: string, expected: ExpectedRevision, forGood: boolean): void;
  /** Between two groups. */
  whenDue(): void;
  /** True: something is left to be done that could not be done now. */
  whenIdle(): boolean;
  close(): void;
}

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

interface EngineOptions {
  readonly indexSizes?: IndexSizes;
  /** Tests stand between the engine and its database, to make it fail. */
  readonly openDatabase?: (file: string) => Connection;
}

/** Whatever was acquired is let go in reverse, also when a later step refuses. */
const openFiles = (
  dataDir: string,
  { indexSizes = standardSizes, openDatabase = openDurable }: EngineOptions,
): OpenedFiles => {
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
    const db = openDatabase(file);
    closers.push(() => db.close());
    const log = namingDamage(file, () => {
      refuseShorterLog(dataDir, db, knownHead.found);
      prepareSchema(db);
      return openLog(db, indexSizes);
    });
    knownHead.write(log.head, log.rows.hashAt(log.head));
    return { log, knownHead, close };
  } catch (error) {
    close();
    throw error;
  }
};

export const openEngine = (dataDir: string, options: EngineOptions = {}): SqliteEngine => {
  const { log, knownHead, close } = openFiles(dataDir, options);
  const { db, rows, settings } = log;
  const group = createGroupCommit(log);
  const checkpointer = createCheckpointer(db);
  const freedSpace = createFreedSpace(db);
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
  /** Tidying needs space too; it waits rather than take what is left for running calls. */
  const tidy = <T>(work: () => T): T | undefined => {
    if (ballast.spent || failure !== undefined) return undefined;
    try {
      return orFail(work);
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
      return undefined;
    }
  };
  const orDiskFull = (write: () => void): void => {
    try {
      orFail(write);
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
      throw new TriplineError('disk-full', 'there is no space left for the log', { cause: error });
    }
  };
  const change = (stream: string, next: StreamSettings): void => {
    orDiskFull(() => settings.write(stream, next));
    settings.kept(stream, next);
  };

  /** Space was given back, but the file is as long as before until a checkpoint. */
  let mustCut = false;
  const gaveBack = (pages: number): boolean => {
    if (pages === 0) return false;
    mustCut = true;
    checkpointer.committed(pages * pageSize);
    return true;
  };
  const cutFile = (): void => {
    mustCut = false;
    checkpointer.erased();
  };

  return {
    get head() {
      return group.head;
    },
    take: (piece) => {
      if (failure === undefined) group.take(piece);
    },
    append: (batch, bytes, payloads) => {
      const recordedAt = Date.now();
      ballast.restore(recordedAt);
      const before = group.head;
      const outcomes = orFail(() => commitWithinSpace(group, ballast, batch, recordedAt, payloads));
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
    readPayloads: (ranges, maxBytes) => partsIn(log.payloads, ranges, maxBytes),
    forgetPayloads: (positions) => {
      orDiskFull(() => forgetIn(db, log.payloads, positions));
      checkpointer.erased();
    },
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
    whenDue: () => {
      tidy(() => checkpointer.committed(keepIndexUp(log.index, group) * bytesPerChunk));
      gaveBack(tidy(() => freedSpace.whenDue(Date.now())) ?? 0);
      tidy(() => checkpointer.whenDue());
    },
    whenIdle: () => {
      // What is under way has the database to itself.
      if (group.isTaking) return true;
      const isMore = gaveBack(tidy(() => freedSpace.whenIdle()) ?? 0);
      if (!isMore && mustCut) cutFile();
      const again = tidy(() => checkpointer.whenIdle()) ?? false;
      ballast.whenIdle();
      return again || isMore;
    },
    close,
  };
};
