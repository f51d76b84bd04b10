import type { StreamState } from '../stream-state.ts';
import type { Connection } from './database.ts';
import { createEventRows, type EventRows } from './event-rows.ts';
import { openPayloadTable, type PayloadTable } from './payload-table.ts';
import { standardSizes } from './stream-index/index-sizes.ts';
import { createRunStorage } from './stream-index/run-storage.ts';
import { createStreamIndex, type Place, type StreamIndex } from './stream-index/stream-index.ts';
import { openStreamSettings, type StreamSettingsTable, stateOf } from './stream-settings.ts';

/** The newest events are checked at every start, whatever the index covers. */
const checkedAtStart = 1_000;
/** How far back an append at any revision looks for its own ids. */
const recentIds = 64;

/** The log as its only writer sees it. */
export interface SqliteLog {
  readonly db: Connection;
  readonly rows: EventRows;
  readonly index: StreamIndex;
  readonly settings: StreamSettingsTable;
  readonly payloads: PayloadTable;
  /** Where the log ended when it was opened. */
  readonly head: number;
  stateOf(stream: string): StreamState;
  /** Where each event of the stream is, by revision. */
  positionsOf(stream: string): readonly number[];
  idAt(stream: string, revision: number): string | undefined;
  recentRevision(stream: string, id: string): number | undefined;
}

export const openLog = (db: Connection, sizes = standardSizes): SqliteLog => {
  const rows = createEventRows(db);
  const settings = openStreamSettings(db);
  const selectPlace = db.prepare<[number], Place>(
    'SELECT stream, revision FROM events WHERE position = ?',
  );
  const selectId = db.prepare<[number], string>('SELECT id FROM events WHERE position = ?').pluck();
  const index = createStreamIndex(
    createRunStorage(db, sizes.chunksInMemory),
    (position) => selectPlace.get(position),
    sizes,
  );

  const head = rows.head;
  if (head < index.covered) throw rows.missing(head + 1);
  rows.walk(Math.max(Math.min(index.covered, head - checkedAtStart), 0) + 1, head, (row) => {
    if (row[0] > index.covered) index.add(row[1], row[2], row[0]);
    return undefined;
  });

  const positionsOf = (stream: string): readonly number[] => {
    const positions = index.positionsOf(stream);
    // As many as there are events: none of them is a stranger's.
    if (positions.length === index.lastOf(stream) + 1) return positions;
    return positions.filter((position) => selectPlace.get(position)?.stream === stream);
  };
  const idAt = (stream: string, revision: number): string | undefined => {
    const position = positionsOf(stream)[revision];
    return position === undefined ? undefined : selectId.get(position);
  };

  return {
    db,
    rows,
    index,
    settings,
    payloads: openPayloadTable(db),
    head,
    stateOf: (stream) => stateOf(settings.of(stream), index.lastOf(stream)),
    positionsOf,
    idAt,
    recentRevision: (stream, id) => {
      const last = index.lastOf(stream);
      const positions = last === -1 ? [] : positionsOf(stream);
      for (let revision = last; revision > last - recentIds && revision >= 0; revision -= 1) {
        if (selectId.get(positions[revision] ?? 0) === id) return revision;
      }
      return undefined;
    },
  };
};
