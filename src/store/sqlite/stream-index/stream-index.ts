import { type IndexSizes, standardSizes } from './index-sizes.ts';
import { chunksOf, mergedChunks, type RunWrite, writeRun } from './run-builder.ts';
import type { RunStorage } from './run-storage.ts';
import { maxSpan, positionsIn, type StreamRun } from './runs.ts';
import { streamHash } from './stream-hash.ts';
import { createYoungStreams } from './young-streams.ts';

const runsPerMerge = 8;
const topLevel = 2;
/** While runs are merged, events may wait for this many times as long as they should. */
const tolerance = 4;

export interface Place {
  readonly stream: string;
  readonly revision: number;
}

export interface StreamIndex {
  /** The last position that a run covers; what follows has to be added again after a restart. */
  readonly covered: number;
  /** Far more events wait in memory than should. */
  readonly isBehind: boolean;
  /** Revision of the stream's last event, -1 if it has none. */
  lastOf(stream: string): number;
  /** Where its events are, in order; a stranger of the same hash may be among them. */
  positionsOf(stream: string): number[];
  add(stream: string, revision: number, position: number): void;
  undo(stream: string): void;
  /** What the next transaction should write for the index, if anything. */
  pendingWrite(): RunWrite | undefined;
  /** The pending write is durable. */
  written(): void;
}

/**
 * Finds a stream's events: the latest in memory, all others in runs, most of which a filter rules
 * out. Eight runs of a level become one of the next, so there are few, and each event's entry is
 * written three times at most.
 */
export const createStreamIndex = (
  storage: RunStorage,
  placeAt: (position: number) => Place | undefined,
  { youngEvents, keysPerChunk }: IndexSizes = standardSizes,
): StreamIndex => {
  let runs = storage.load();
  let young = createYoungStreams();
  let frozen = createYoungStreams();
  let head = runs.at(-1)?.last ?? 0;
  let pending: RunWrite | undefined;
  const leftovers = storage.leftovers();
  let nextId = Math.max(0, ...leftovers, ...runs.map(({ id }) => id)) + 1;

  const adopt = (run: StreamRun, replaced: readonly StreamRun[]): void => {
    runs = [...runs.filter((old) => !replaced.includes(old)), run].sort(
      (a, b) => a.first - b.first,
    );
  };
  const coveredTo = (): number => runs.at(-1)?.last ?? 0;

  function* freeze(): Generator<RunWrite, void> {
    frozen = young;
    young = createYoungStreams();
    const first = coveredTo() + 1;
    const plan = { id: nextId++, level: 0, first, last: head, replaced: [] };
    adopt(yield* writeRun(plan, chunksOf(frozen.sortedKeys(first), keysPerChunk), storage), []);
    frozen = createYoungStreams();
  }
  /** One at a time, once nobody reads by them any more. */
  function* forget(unknown: readonly number[]): Generator<RunWrite, void> {
    for (const run of unknown) yield () => storage.deleteChunks(run);
  }
  function* merge(old: readonly StreamRun[], level: number): Generator<RunWrite, void> {
    const [first, last] = [old[0]?.first ?? 0, old.at(-1)?.last ?? 0];
    const plan = { id: nextId++, level, first, last, replaced: old };
    adopt(yield* writeRun(plan, mergedChunks(old, storage, keysPerChunk), storage), old);
    yield* forget(old.map(({ id }) => id));
  }
  /** The oldest neighbours of a level that are enough of them and not too long for one run. */
  const mergeDue = (): Generator<RunWrite, void> | undefined => {
    for (let level = 0; level < topLevel; level += 1) {
      for (let at = 0; at + runsPerMerge <= runs.length; at += 1) {
        const neighbours = runs.slice(at, at + runsPerMerge);
        const [first, last] = [neighbours[0]?.first ?? 0, neighbours.at(-1)?.last ?? 0];
        const due = neighbours.every((run) => run.level === level) && last - first < maxSpan;
        if (due) return merge(neighbours, level + 1);
      }
    }
    return undefined;
  };
  let job: Generator<RunWrite, void> | undefined = forget(leftovers);
  let due = mergeDue();
  const nextWrite = (): RunWrite | undefined => {
    for (;;) {
      job ??= young.size >= youngEvents ? freeze() : due;
      const next = job?.next();
      if (next === undefined) return undefined;
      if (next.done !== true) return next.value;
      job = undefined;
      due = mergeDue();
    }
  };

  const lastInRun = (run: StreamRun, stream: string, hash: number): number | undefined => {
    for (const position of positionsIn(run, hash, storage).reverse()) {
      const place = placeAt(position);
      if (place?.stream === stream) return place.revision;
    }
    return undefined;
  };
  const lastInRuns = (stream: string): number => {
    const hash = streamHash(stream);
    for (let at = runs.length - 1; at >= 0; at -= 1) {
      const run = runs[at];
      const last = run?.filter.mayHold(hash) ? lastInRun(run, stream, hash) : undefined;
      if (last !== undefined) return last;
    }
    return -1;
  };

  return {
    get covered() {
      return coveredTo();
    },
    get isBehind() {
      return young.size >= youngEvents * tolerance;
    },
    lastOf: (stream) => young.lastOf(stream) ?? frozen.lastOf(stream) ?? lastInRuns(stream),
    positionsOf: (stream) => {
      const hash = streamHash(stream);
      const old = runs.flatMap((run) => positionsIn(run, hash, storage));
      return [...old, ...frozen.positionsOf(stream), ...young.positionsOf(stream)];
    },
    add: (stream, revision, position) => {
      young.add(stream, revision, position);
      head = position;
    },
    undo: (stream) => {
      young.undo(stream);
      head -= 1;
    },
    pendingWrite: () => {
      pending ??= nextWrite();
      return pending;
    },
    written: () => {
      const wasPending = pending !== undefined;
      // Whatever comes of the next one, this one is not written again.
      pending = undefined;
      if (wasPending) pending = nextWrite();
    },
  };
};
