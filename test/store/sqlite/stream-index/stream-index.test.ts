import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBloomFilter } from '../../../../src/store/sqlite/stream-index/bloom-filter.ts';
import type { RunStorage } from '../../../../src/store/sqlite/stream-index/run-storage.ts';
import type { StreamRun } from '../../../../src/store/sqlite/stream-index/runs.ts';
import {
  createStreamIndex,
  type Place,
} from '../../../../src/store/sqlite/stream-index/stream-index.ts';

import { smallIndex } from '../small-index.ts';

/** Keeps runs as a disk would. */
const memoryStorage = (known: readonly StreamRun[] = []): RunStorage => {
  const runs = new Map(known.map((run) => [run.id, run]));
  const chunks = new Map<string, Float64Array>();
  return {
    load: () => [...runs.values()].sort((a, b) => a.first - b.first),
    chunk: (run, chunk) => {
      const keys = chunks.get(`${run}/${chunk}`);
      if (keys === undefined) throw new Error(`run ${run} has no chunk ${chunk}`);
      return keys;
    },
    writeChunk: (run, chunk, keys) => chunks.set(`${run}/${chunk}`, keys),
    leftovers: () => {
      const present = new Set([...chunks.keys()].map((key) => Number(key.split('/')[0])));
      return [...present].filter((run) => !runs.has(run));
    },
    writeRun: (run, replaced) => {
      for (const { id } of replaced) runs.delete(id);
      runs.set(run.id, run);
    },
    deleteChunks: (run) => {
      for (const key of chunks.keys()) if (key.startsWith(`${run}/`)) chunks.delete(key);
    },
  };
};

type Step = { kind: 'append'; stream: number } | { kind: 'undo' } | { kind: 'restart' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({ kind: fc.constant('append' as const), stream: fc.nat(30) }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'undo' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

const streamOf = (next: Step): string => `stream-${next.kind === 'append' ? next.stream : 0}`;

/** The index beside a plain list of all events, which is always right. */
const createPair = () => {
  const storage = memoryStorage();
  const log: Place[] = [];
  const open = () => createStreamIndex(storage, (position) => log[position - 1], smallIndex);
  let index = open();

  const restart = (): void => {
    index = open();
    for (const [at, { stream, revision }] of log.entries()) {
      if (at + 1 > index.covered) index.add(stream, revision, at + 1);
    }
  };
  const append = (stream: string, keep: boolean): void => {
    const write = index.pendingWrite();
    const revision = log.filter((place) => place.stream === stream).length;
    expect(index.lastOf(stream)).toBe(revision - 1);
    index.add(stream, revision, log.length + 1);
    if (!keep) {
      index.undo(stream);
      return;
    }
    log.push({ stream, revision });
    write?.();
    index.written();
  };
  const compare = (stream: string): void => {
    const expected = log.flatMap((place, at) => (place.stream === stream ? [at + 1] : []));
    expect(index.positionsOf(stream)).toEqual(expected);
  };
  return { restart, append, compare };
};

it('knows every stream as a plain list of all events does, over merges and restarts', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 900, size: 'max' }), (steps) => {
      const pair = createPair();
      for (const next of steps) {
        if (next.kind === 'restart') pair.restart();
        else pair.append(streamOf(next), next.kind === 'append');
      }
      for (let name = 0; name <= 30; name += 1) pair.compare(`stream-${name}`);
    }),
    { numRuns: 40 },
  );
});

/** As groups of thousands of events may leave them. */
const longRun = (id: number): StreamRun => ({
  id,
  level: 0,
  first: (id - 1) * 1_000_000 + 1,
  last: id * 1_000_000,
  fences: new Float64Array(),
  filter: createBloomFilter(0),
});

it('merges what follows runs that are too long to be merged themselves', () => {
  const storage = memoryStorage([1, 2, 3].map(longRun));
  const index = createStreamIndex(storage, () => undefined, smallIndex);
  for (let position = index.covered + 1; position <= 3_005_000; position += 1) {
    index.pendingWrite()?.();
    index.add(`stream-${position}`, 0, position);
    index.written();
  }

  expect(storage.load().length).toBeLessThan(30);
  expect(index.positionsOf('stream-3000001')).toEqual([3_000_001]);
});

it('says when it is far behind, and not once it was given enough writes', () => {
  const index = createStreamIndex(memoryStorage(), () => undefined, smallIndex);
  for (let position = 1; position <= 64; position += 1) {
    expect(index.isBehind).toBe(false);
    index.add(`stream-${position}`, 0, position);
  }
  expect(index.isBehind).toBe(true);
  for (let write = index.pendingWrite(); write !== undefined; write = index.pendingWrite()) {
    write();
    index.written();
  }

  expect(index.isBehind).toBe(false);
  expect(index.covered).toBe(64);
});

it.each([64, 65])('gives each run a filter for as many entries as it has: %i', (youngEvents) => {
  const storage = memoryStorage();
  const sizes = { ...smallIndex, youngEvents };
  const index = createStreamIndex(storage, () => undefined, sizes);
  for (let position = 1; position <= 8 * youngEvents; position += 1) {
    index.add(`stream-${position}`, 0, position);
    if (position % youngEvents > 0) continue;
    for (let write = index.pendingWrite(); write !== undefined; write = index.pendingWrite()) {
      const wordsOf = ({ first, last, filter }: StreamRun) => [
        last - first + 1,
        filter.words.length,
      ];
      for (const [entries = 0, words] of storage.load().map(wordsOf)) {
        expect(words).toBe(createBloomFilter(entries).words.length);
      }
      write();
      index.written();
    }
  }

  expect(storage.load().map(({ level, first, last }) => [level, first, last])).toEqual([
    [1, 1, 8 * youngEvents],
  ]);
  expect(storage.leftovers()).toEqual([]);
});
