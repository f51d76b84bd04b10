import type { EventReader } from '../event-reader.ts';
import type { PayloadRange } from '../event-store.ts';
import { checkSubscribeFrom, ordinalOf, positionOf } from '../log-ordinal.ts';
import { createLogTail } from '../log-tail.ts';
import { openReadOnly } from './database.ts';
import { createEventRows } from './event-rows.ts';
import { logFile } from './log-file.ts';
import { pageAfter, pageOfLog } from './log-page.ts';
import { partsIn } from './payload-parts.ts';
import { openPayloadTable } from './payload-table.ts';
import { eventOfRow } from './stored-row.ts';
import { createRunStorage } from './stream-index/run-storage.ts';
import { positionsIn } from './stream-index/runs.ts';
import { streamHash } from './stream-index/stream-hash.ts';
import { pageOfStream } from './stream-page.ts';
import { openStreamSettings } from './stream-settings.ts';

/**
 * A second pair of eyes on the embedded store's file, for a thread that reads a lot. It sees only
 * what is durable and can change nothing. Its reads block the thread that asks; data is parsed when
 * somebody looks at it.
 */
export const openSqliteReader = (dataDir: string): Required<EventReader> => {
  const db = openReadOnly(logFile(dataDir));
  const rows = createEventRows(db);
  const storage = createRunStorage(db);
  const selectYoung = db
    .prepare<[number, string], number>(
      'SELECT position FROM events WHERE position > ? AND stream = ? ORDER BY position',
    )
    .pluck();
  const selectPlace = db
    .prepare<[number], string>('SELECT stream FROM events WHERE position = ?')
    .pluck();
  const selectInstant = db
    .prepare<[number], number>('SELECT recorded_at FROM events WHERE position = ?')
    .pluck();
  const tail = createLogTail({
    head: positionOf(rows.head),
    readAfter: async (position, maxCount) =>
      pageAfter(rows, ordinalOf(position), rows.head, maxCount).map(eventOfRow),
    readsElsewhere: false,
  });

  const positionsOf = (stream: string): number[] => {
    const runs = storage.load();
    const old = runs
      .flatMap((run) => positionsIn(run, streamHash(stream), storage))
      .filter((position) => selectPlace.get(position) === stream);
    return [...old, ...selectYoung.all(runs.at(-1)?.last ?? 0, stream)];
  };
  const readStream = db.transaction((stream: string, options: object) => {
    const settings = openStreamSettings(db).of(stream);
    const instantAt = (position: number): number => selectInstant.get(position) ?? 0;
    return rows.at(pageOfStream(stream, positionsOf(stream), settings, options, instantAt));
  });

  const payloads = openPayloadTable(db);
  const readPayloads = db.transaction((ranges: readonly PayloadRange[], maxBytes: number) =>
    partsIn(payloads, ranges, maxBytes),
  );

  return {
    readStream: async (stream, options = {}) => readStream(stream, options).map(eventOfRow),
    readAll: async (options = {}) => pageOfLog(rows, rows.head, options).map(eventOfRow),
    subscribeAll: (options, handlers) => {
      checkSubscribeFrom(options);
      return tail.subscribe(options, handlers);
    },
    readPayloads: async (ranges, maxBytes) =>
      readPayloads(ranges, maxBytes).map((part) => part && { ...part, forgettable: true }),
    advance: (position) => tail.advance(position),
    close: async () => {
      await tail.end();
      db.close();
    },
  };
};
