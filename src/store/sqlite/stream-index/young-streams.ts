import { keyOf } from './runs.ts';
import { streamHash } from './stream-hash.ts';

/**
 * A stream's latest events. Most streams have one event here, their first: its position says it
 * all, and half of the memory is saved.
 */
type Young = number | { last: number; readonly positions: number[] };

/** The events that no run covers yet, by stream: exact, in memory, rebuilt from the log's tail. */
export interface YoungStreams {
  readonly size: number;
  lastOf(stream: string): number | undefined;
  positionsOf(stream: string): readonly number[];
  add(stream: string, revision: number, position: number): void;
  /** Takes back the latest addition. */
  undo(stream: string): void;
  sortedKeys(first: number): Float64Array;
}

const none: readonly number[] = [];
const positionsIn = (young: Young | undefined): readonly number[] => {
  if (young === undefined) return none;
  return typeof young === 'number' ? [young] : young.positions;
};

export const createYoungStreams = (): YoungStreams => {
  const streams = new Map<string, Young>();
  let size = 0;

  const added = (known: Young | undefined, revision: number, position: number): Young => {
    if (known === undefined)
      return revision === 0 ? position : { last: revision, positions: [position] };
    if (typeof known === 'number') return { last: revision, positions: [known, position] };
    known.last = revision;
    known.positions.push(position);
    return known;
  };

  return {
    get size() {
      return size;
    },
    lastOf: (stream) => {
      const known = streams.get(stream);
      return typeof known === 'number' ? 0 : known?.last;
    },
    positionsOf: (stream) => positionsIn(streams.get(stream)),
    add: (stream, revision, position) => {
      size += 1;
      const known = streams.get(stream);
      const now = added(known, revision, position);
      if (now !== known) streams.set(stream, now);
    },
    undo: (stream) => {
      const known = streams.get(stream);
      if (known === undefined) return;
      size -= 1;
      if (typeof known === 'number' || known.positions.length === 1) {
        streams.delete(stream);
        return;
      }
      known.last -= 1;
      known.positions.pop();
    },
    sortedKeys: (first) => {
      const keys = new Float64Array(size);
      let at = 0;
      for (const [stream, young] of streams) {
        const hash = streamHash(stream);
        for (const position of positionsIn(young)) {
          keys[at] = keyOf(hash, position - first);
          at += 1;
        }
      }
      return keys.sort();
    },
  };
};
