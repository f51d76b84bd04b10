import type { EventMetadata, StoredEvent } from '../../domain/recorded.ts';
import { positionOf } from '../log-ordinal.ts';

/** An event as a row of the log, in the order of the columns. */
export type StoredRow = readonly [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  recordedAt: number,
];

export const rowColumns = 'position, stream, revision, id, type, data, metadata, recorded_at';

/** Events of one commit share their instant. */
let lastInstant: readonly [number, string] = [0, new Date(0).toISOString()];
export const instantOf = (ms: number): string => {
  if (lastInstant[0] !== ms) lastInstant = [ms, new Date(ms).toISOString()];
  return lastInstant[1];
};

/** Events of one append share their metadata. */
let lastMetadata: readonly [string, EventMetadata | undefined] = ['', undefined];
const metadataIn = (text: string): EventMetadata => {
  const [lastText, last] = lastMetadata;
  if (last !== undefined && text === lastText) return last;
  const metadata = JSON.parse(text) as EventMetadata;
  lastMetadata = [text, metadata];
  return metadata;
};

/** Most readers look at few of the events they are handed, so JSON is parsed when it is asked for. */
class EventFromDisk implements StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: StoredEvent['position'];
  readonly type: string;
  readonly recordedAt: string;
  #data: unknown;
  #metadata: EventMetadata | undefined;
  readonly #row: StoredRow;

  constructor(row: StoredRow) {
    this.#row = row;
    this.id = row[3];
    this.stream = row[1];
    this.revision = row[2];
    this.position = positionOf(row[0]);
    this.type = row[4];
    this.recordedAt = instantOf(row[7]);
  }

  get data(): unknown {
    this.#data ??= JSON.parse(this.#row[5]);
    return this.#data;
  }

  get metadata(): EventMetadata {
    this.#metadata ??= metadataIn(this.#row[6]);
    return this.#metadata;
  }

  toJSON(): StoredEvent {
    const { id, stream, revision, position, type, data, metadata, recordedAt } = this;
    return { id, stream, revision, position, type, data, metadata, recordedAt };
  }
}

export const eventOfRow = (row: StoredRow): StoredEvent => new EventFromDisk(row);
