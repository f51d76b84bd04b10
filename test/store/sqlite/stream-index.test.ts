import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunStorage } from '../../../src/store/sqlite/stream-index/run-storage.ts';
import type { StreamRun } from '../../../src/store/sqlite/stream-index/runs.ts';
import {
  createStreamIndex,
  type Place,
} from '../../../src/store/sqlite/stream-index/stream-index.ts';

/** Keeps runs as a disk would: what was replaced is gone. */
const memoryStorage = (): RunStorage => {
  const runs = new Map<number, StreamRun>();
  const chunks = new Map<string, Float64Array>();
  return {
    load: () => [...runs.values()].sort((a, b) => a.first - b.first),
    chunk: (run, chunk) => {
      const keys = chunks.get(`${run}/${chunk}`);
      if (keys === undefined) throw new Error(`run ${run} has no chunk ${chunk}`);
      return keys;
    },
    writeChunk: (run, chunk, keys) => chunks.set(`${run}/${chunk}`, keys),
    writeRun: (run, replaced) => {
      for (const { id, fences } of replaced) {
        runs.delete(id);
        for (let chunk = 0; chunk < fences.length; chunk += 1) chunks.delete(`${id}/${chunk}`);
      }
      runs.set(run.id, run);
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
  const open = () => createStreamIndex(storage, (position) => log[position - 1], 5);
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
