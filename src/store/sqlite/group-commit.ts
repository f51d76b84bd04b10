import { type AppendVerdict, judgeAppend } from '../append-verdict.ts';
import {
  type AppendBatch,
  appendsIn,
  eventFields,
  expectedOfCode,
  outcomes,
} from './append-batch.ts';
import { eventHash } from './event-hash.ts';
import type { SqliteLog } from './log.ts';
import { payloadsIn } from './packed-payloads.ts';
import type { StreamSettings } from './stream-settings.ts';

/** What may be written by a commit. */
export interface Allowance {
  append(stream: string): boolean;
  /** What waits to be written for the index of streams; it goes on waiting otherwise. */
  readonly index: boolean;
}

export interface GroupCommit {
  readonly head: number;
  /** Pieces have come whose append has not. */
  readonly isTaking: boolean;
  /** The hash of the event at the head. */
  readonly lastHash: string;
  /**
   * A piece of the only payload of the only append of the next batch, which is then committed
   * without it: it is written as it comes, so that it is never there as a whole. Does not throw.
   */
  take(piece: Uint8Array): void;
  /**
   * All appends of the batch in one transaction, durable when this returns; one that is refused
   * leaves no trace and does not harm the others. If it throws, nothing was stored.
   */
  commit(batch: AppendBatch, recordedAt: number, may: Allowance, payloads?: Uint8Array): number[];
}

const noPayloads = new Uint8Array(0);

/** Of one append. What is refused has payloads, too, which the next one's lie behind. */
const bytesOfPayloads = (batch: AppendBatch, at: number): number => {
  const end = at + 3 + (batch[at + 2] as number) * eventFields;
  let bytes = 0;
  for (let field = at + 7; field < end; field += eventFields) {
    const told = batch[field] as string | number;
    bytes += typeof told === 'number' ? told : (payloadsIn(told, 0).at(-1)?.end ?? 0);
  }
  return bytes;
};

/** What came with the appends, and where the payloads of the one at hand begin. */
interface Packed {
  readonly bytes: Uint8Array;
  at: number;
}

const idsOf = (batch: AppendBatch, at: number): string[] =>
  Array.from(
    { length: batch[at + 2] as number },
    (_, event) => batch[at + 3 + event * eventFields] as string,
  );

/** A payload that comes before its append. */
interface Coming {
  pieces: number;
  error?: unknown;
}

interface Undo {
  readonly added: string[];
  readonly revived: [string, StreamSettings][];
}

export const createGroupCommit = (log: SqliteLog): GroupCommit => {
  const { db, index, settings, payloads: table } = log;
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let head = log.head;
  let lastHash = log.rows.hashAt(head);
  let coming: Coming | undefined;

  const judge = (batch: AppendBatch, at: number): AppendVerdict => {
    const stream = batch[at] as string;
    return judgeAppend(log.stateOf(stream), expectedOfCode(batch[at + 1] as number), {
      offered: () => idsOf(batch, at),
      at: (revision) => log.idAt(stream, revision),
      recent: (id) => log.recentRevision(stream, id),
    });
  };
  const revive = (stream: string, undo: Undo): void => {
    const before = settings.of(stream);
    if (before.status !== 'deleted') return;
    undo.revived.push([stream, before]);
    settings.write(stream, { ...before, status: 'live' });
    settings.kept(stream, { ...before, status: 'live' });
  };
  const storePayloads = (field: string | number, packed: Packed): void => {
    if (field === 0 || coming !== undefined) return;
    for (const { fact, from, end } of payloadsIn(field, packed.at)) {
      table.insert(head, fact, packed.bytes.subarray(from, end));
      packed.at = end;
    }
  };
  const store = (
    batch: AppendBatch,
    at: number,
    first: number,
    recordedAt: number,
    undo: Undo,
    packed: Packed,
  ): void => {
    const stream = batch[at] as string;
    const end = at + 3 + (batch[at + 2] as number) * eventFields;
    let revision = first;
    for (let field = at + 3; field < end; field += eventFields) {
      const id = batch[field] as string;
      const type = batch[field + 1] as string;
      const data = batch[field + 2] as string;
      const metadata = batch[field + 3] as string;
      const position = head + 1;
      lastHash = eventHash(
        lastHash,
        position,
        stream,
        revision,
        id,
        type,
        data,
        metadata,
        recordedAt,
      );
      insert.run(position, stream, revision, id, type, data, metadata, recordedAt, lastHash);
      head = position;
      index.add(stream, revision, position);
      undo.added.push(stream);
      storePayloads(batch[field + 4] as string | number, packed);
      revision += 1;
    }
    revive(stream, undo);
  };
  const take = (
    batch: AppendBatch,
    at: number,
    recordedAt: number,
    undo: Undo,
    results: number[],
    packed: Packed,
  ): void => {
    const stream = batch[at] as string;
    const verdict = judge(batch, at);
    switch (verdict.kind) {
      case 'append':
        store(batch, at, verdict.revision, recordedAt, undo, packed);
        results.push(outcomes.stored, verdict.revision + (batch[at + 2] as number) - 1, head);
        return;
      case 'repeat': {
        const position = log.positionsOf(stream)[verdict.revision] ?? 0;
        results.push(outcomes.repeated, verdict.revision, position);
        return;
      }
      case 'conflict':
        results.push(outcomes.conflict, index.lastOf(stream), 0);
        return;
      case 'deleted':
        results.push(outcomes.deleted, 0, 0);
    }
  };
  const takeBack = ({ added, revived }: Undo): void => {
    for (const stream of added.reverse()) index.undo(stream);
    for (const [stream, before] of revived.reverse()) settings.kept(stream, before);
    if (db.inTransaction) db.exec('ROLLBACK');
  };

  const takePiece = (piece: Uint8Array): void => {
    if (coming === undefined) {
      coming = { pieces: 0 };
      begin.run();
    }
    coming.pieces = table.insertMore(head + 1, 0, coming.pieces, piece);
  };
  /** Its place is the next record's, which may come after all; or nothing of it is there. */
  const mustHaveCome = (): void => {
    if (coming === undefined) begin.run();
    else if ('error' in coming) throw coming.error;
  };
  const dropUnused = (headBefore: number): void => {
    if (coming !== undefined && head === headBefore) table.delete(head + 1, 0);
  };

  return {
    get head() {
      return head;
    },
    get isTaking() {
      return coming !== undefined;
    },
    get lastHash() {
      return lastHash;
    },
    take: (piece) => {
      if (coming !== undefined && 'error' in coming) return;
      try {
        takePiece(piece);
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK');
        coming = { pieces: 0, error };
      }
    },
    commit: (batch, recordedAt, may, payloads = noPayloads) => {
      const undo: Undo = { added: [], revived: [] };
      let next = 0;
      const [headBefore, hashBefore] = [head, lastHash];
      const results: number[] = [];
      try {
        mustHaveCome();
        if (may.index) index.pendingWrite()?.();
        for (const at of appendsIn(batch)) {
          const packed = { bytes: payloads, at: next };
          next += bytesOfPayloads(batch, at);
          if (may.append(batch[at] as string)) take(batch, at, recordedAt, undo, results, packed);
          else results.push(outcomes.diskFull, 0, 0);
        }
        dropUnused(headBefore);
        commit.run();
      } catch (error) {
        head = headBefore;
        lastHash = hashBefore;
        takeBack(undo);
        throw error;
      } finally {
        coming = undefined;
      }
      if (may.index) index.written();
      return results;
    },
  };
};
