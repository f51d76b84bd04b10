import type { StoredEvent } from '../../domain/recorded.ts';
import { eventOfRow, type StoredRow } from './stored-row.ts';

/** Rows one after the other, for another thread: an array for each would double what it costs. */
export type FlatRows = readonly StoredRow[number][];

const width = 8;

export const flatten = (rows: readonly StoredRow[]): FlatRows => {
  const flat: StoredRow[number][] = [];
  for (const row of rows) flat.push(...row);
  return flat;
};

export const eventsIn = (flat: FlatRows): StoredEvent[] => {
  const events: StoredEvent[] = [];
  for (let at = 0; at < flat.length; at += width) {
    events.push(eventOfRow(flat.slice(at, at + width) as unknown as StoredRow));
  }
  return events;
};
