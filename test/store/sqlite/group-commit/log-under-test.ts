import { type AppendBatch, codeOfExpected } from '../../../../src/store/sqlite/append-batch.ts';
import { openDurable, sqliteCode } from '../../../../src/store/sqlite/database.ts';
import { createGroupCommit } from '../../../../src/store/sqlite/group-commit.ts';
import { keepIndexUp } from '../../../../src/store/sqlite/index-upkeep.ts';
import { openLog } from '../../../../src/store/sqlite/log.ts';
import { prepareSchema } from '../../../../src/store/sqlite/schema.ts';
import type { IndexSizes } from '../../../../src/store/sqlite/stream-index/index-sizes.ts';
import { commitWithinSpace } from '../../../../src/store/sqlite/within-space.ts';
import { watched } from '../watched-connection.ts';
import { createFaults, type Fault, fileIn } from './faults.ts';
import type { Append } from './naive-log.ts';

const batchOf = (appends: readonly Append[]): AppendBatch =>
  appends.flatMap(({ stream, expected, ids }) => [
    stream,
    expected === -1 ? codeOfExpected('no_stream') : codeOfExpected(expected),
    ids.length,
    ...ids.flatMap((id) => [id, 'SampleTaken', '{}', '{}', 0]),
  ]);

/** So small that a handful of events is a run, and a few dozen make one of the highest level. */
const tinyIndex: IndexSizes = { youngEvents: 4, keysPerChunk: 2, chunksInMemory: 2 };

const ignoringFull = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_FULL') throw error;
  }
};

/** The log on its file, with an eye on every step that writes. */
export const openLogUnderTest = (
  dataDir: string,
  armed: Set<Fault>,
  onStruck: (fault: Fault) => void,
) => {
  const db = openDurable(fileIn(dataDir));
  prepareSchema(db);
  // A crash here takes the process along, not the machine.
  db.pragma('synchronous = OFF');
  // For the questions of the test alone.
  db.exec('CREATE INDEX IF NOT EXISTS events_by_stream ON events (stream)');
  const positions = db
    .prepare<[string], number>('SELECT position FROM events WHERE stream = ? ORDER BY position')
    .pluck();
  const status = db
    .prepare<[string], string>('SELECT status FROM stream_settings WHERE stream = ?')
    .pluck();
  const faults = createFaults(db, dataDir, armed, onStruck);
  let lookAt: readonly string[] = [];
  let committing = false;

  /** What memory says must be what the transaction at hand sees, whatever step it is at. */
  const mustAgree = (where: string): void => {
    for (const stream of lookAt) {
      const found = positions.all(stream);
      const [seen, said] = [
        { positions: found, last: found.length - 1, status: status.get(stream) ?? 'live' },
        {
          positions: log.positionsOf(stream),
          last: log.index.lastOf(stream),
          status: log.settings.of(stream).status,
        },
      ].map((state) => JSON.stringify(state));
      if (seen !== said) throw new Error(`${where}: ${stream} is ${seen}, memory says ${said}`);
    }
  };
  const log = openLog(
    watched(db, {
      before: (sql) => {
        // Taking a group back is one step: nothing is looked up in the middle of it.
        if (sql !== 'ROLLBACK') mustAgree(`before ${sql}`);
        if (committing) faults.before(sql);
      },
      after: (sql) => {
        if (committing) faults.after(sql);
      },
    }),
    tinyIndex,
  );
  const group = createGroupCommit(log);
  const ballast = {
    spent: false,
    release: () => {
      ballast.spent = true;
    },
  };

  return {
    db,
    log,
    group,
    ballast,
    mustAgree,
    lookAt: (streams: readonly string[]): void => {
      lookAt = streams;
    },
    commit: (appends: readonly Append[]): number[] => {
      committing = true;
      try {
        const results = commitWithinSpace(group, ballast, batchOf(appends), 0);
        if (!ballast.spent) ignoringFull(() => keepIndexUp(log.index, group));
        return results;
      } finally {
        committing = false;
      }
    },
    remove: (stream: string): void => {
      const next = { ...log.settings.of(stream), status: 'deleted' as const };
      log.settings.write(stream, next);
      log.settings.kept(stream, next);
    },
    events: () => db.prepare('SELECT stream, revision, id FROM events ORDER BY position').all(),
  };
};
