import { streamHash } from './stream-hash.ts';
import { keyOf } from './stream-runs.ts';

interface YoungStream {
  last: number;
  readonly positions: number[];
}

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

export const createYoungStreams = (): YoungStreams => {
  const streams = new Map<string, YoungStream>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    lastOf: (stream) => streams.get(stream)?.last,
    positionsOf: (stream) => streams.get(stream)?.positions ?? none,
    add: (stream, revision, position) => {
      size += 1;
      const known = streams.get(stream);
      if (known === undefined) {
        streams.set(stream, { last: revision, positions: [position] });
        return;
      }
      known.last = revision;
      known.positions.push(position);
    },
    undo: (stream) => {
      const known = streams.get(stream);
      if (known === undefined) return;
      size -= 1;
      known.last -= 1;
      known.positions.pop();
      if (known.positions.length === 0) streams.delete(stream);
    },
    sortedKeys: (first) => {
      const keys = new Float64Array(size);
      let at = 0;
      for (const [stream, { positions }] of streams) {
        const hash = streamHash(stream);
        for (const position of positions) {
          keys[at] = keyOf(hash, position - first);
          at += 1;
        }
      }
      return keys.sort();
    },
  };
};
